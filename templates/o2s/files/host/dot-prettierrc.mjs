import apiConfig from '@o2s/prettier-config/api.mjs';

/** @type {import("prettier").Config} */
export default apiConfig;
