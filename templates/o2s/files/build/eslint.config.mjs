import { config } from '@o2s/eslint-config/api';

/** @type {import("eslint").Linter.Config} */
export default config;
