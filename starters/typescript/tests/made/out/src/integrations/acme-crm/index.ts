import type { Integration } from '../../events';

export const acmeCrm: Integration = {
  name: 'acme-crm',
  on: {
    start: () => undefined,
  },
};
