import { config } from '@o2s/lint-staged-config/base';

export default config;
