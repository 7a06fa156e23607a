import { acmeCrm } from './index';

if (acmeCrm.name !== 'acme-crm') {
  throw new Error('the integration has another name');
}
