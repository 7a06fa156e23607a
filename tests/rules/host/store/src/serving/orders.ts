import { Config } from '@shop/alpha';

export const Orders = Config.orders;
