import type { Integration } from './events';
import { acmeCrm } from './integrations/acme-crm';

export const integrations: Integration[] = [acmeCrm];
