export * as Jobs from './jobs/index';

export const Config = {};
