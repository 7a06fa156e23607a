import { config } from '@bench/eslint-config/api';

export default config;
