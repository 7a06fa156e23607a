import { Service as OrdersService } from './jobs/orders';
import { Service as PricesService } from './jobs/prices';

export * as Jobs from './jobs/index';

export const Config = {
    orders: { unit: 'beta', service: OrdersService },
    prices: { unit: 'beta', service: PricesService },
};
