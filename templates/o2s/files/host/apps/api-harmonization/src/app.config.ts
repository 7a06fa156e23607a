import { ApiConfig } from '@o2s/framework/modules';

export const AppConfig = {
    integrations: {},
} as ApiConfig;
