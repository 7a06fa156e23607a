import { ExecutionContext, Injectable, NotImplementedException, UnauthorizedException } from '@nestjs/common';
import { Reflector } from '@nestjs/core';

import { LoggerService } from '@o2s/utils.logger';

import { HeaderName } from '@o2s/framework/headers';
import { Auth } from '@o2s/framework/modules';

import { Jwt } from './auth.model';

const H = HeaderName;
const DECODED_TOKEN = 'x-decoded-token';

/** Returns the verified token of a request, and verifies it only once per request. */
async function verifyRequest(context: ExecutionContext, authService: Auth.Service): Promise<Jwt> {
    const request = context.switchToHttp().getRequest();
    const authorization: string | undefined = request.headers[H.Authorization];

    if (!authorization) {
        throw new UnauthorizedException('Missing authorization token');
    }

    if (!request[DECODED_TOKEN]) {
        try {
            request[DECODED_TOKEN] = await authService.verifyToken(authorization);
        } catch (error) {
            if (error instanceof NotImplementedException) {
                throw error;
            }
            // the reason is not for the client
            throw new UnauthorizedException('Invalid or expired token');
        }
    }

    const token: Jwt = request[DECODED_TOKEN];
    if (token.jti && (await authService.isTokenRevoked(token.jti))) {
        throw new UnauthorizedException('Token has been revoked');
    }

    return token;
}

/** Lets a request pass if its token has the roles named by `@Auth.Decorators.Roles`: any of them, or all in mode `all`. */
@Injectable()
export class RolesGuard implements Auth.Guards.RoleGuard {
    constructor(
        private readonly reflector: Reflector,
        private readonly logger: LoggerService,
        private readonly authService: Auth.Service,
    ) {}

    async canActivate(context: ExecutionContext): Promise<boolean> {
        const { roles = [], mode = 'any' } = this.reflector.getAllAndMerge<Partial<Auth.Decorators.RoleDecorator>>(
            'roles',
            [context.getClass(), context.getHandler()],
        );
        if (roles.length === 0) {
            return true;
        }

        const token = await verifyRequest(context, this.authService);
        const userRoles = this.authService.getRoles(token);
        const hasRole = (role: string) => userRoles.includes(role);

        this.logger.debug({ roles, mode, userRoles }, 'RolesGuard');

        return mode === 'all' ? roles.every(hasRole) : roles.some(hasRole);
    }
}

/** Lets a request pass if its token has the permissions named by `@Auth.Decorators.Permissions`: all of them, or any in mode `any`. */
@Injectable()
export class PermissionsGuard implements Auth.Guards.PermissionGuard {
    constructor(
        private readonly reflector: Reflector,
        private readonly logger: LoggerService,
        private readonly authService: Auth.Service,
    ) {}

    async canActivate(context: ExecutionContext): Promise<boolean> {
        const {
            resource,
            actions = [],
            mode = 'all',
        } = this.reflector.getAllAndMerge<Partial<Auth.Decorators.PermissionsDecorator>>('permissions', [
            context.getClass(),
            context.getHandler(),
        ]);
        if (!resource || actions.length === 0) {
            return true;
        }

        const token = await verifyRequest(context, this.authService);
        const permissions = this.authService.getPermissions(token);
        const isAllowed = (action: string) => this.authService.hasPermission(permissions, resource, action);

        this.logger.debug({ resource, actions, mode, permissions }, 'PermissionsGuard');

        return mode === 'all' ? actions.every(isAllowed) : actions.some(isAllowed);
    }
}
