import { Auth } from '@o2s/framework/modules';

/** The token of the identity provider. Adapt the fields to what its tokens carry. */
export interface Jwt extends Auth.Model.Jwt {
    roles?: Auth.Model.Role[];
    permissions?: Auth.Model.Permissions;
    customer?: {
        id: string;
        name: string;
        roles?: Auth.Model.Role[];
        permissions: Auth.Model.Permissions;
    };
}
