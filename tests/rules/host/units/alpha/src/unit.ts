import { Service as OrdersService } from './jobs/orders';

export * as Jobs from './jobs/index';

export const Config = {
    orders: { unit: 'alpha', service: OrdersService },
};
