import type { Integration } from './events';

export const integrations: Integration[] = [];
