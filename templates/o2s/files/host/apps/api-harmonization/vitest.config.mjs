import { config } from '@o2s/vitest-config/api';

export default config;
