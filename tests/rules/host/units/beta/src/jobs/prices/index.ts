export { PricesService as Service } from './prices.service';
