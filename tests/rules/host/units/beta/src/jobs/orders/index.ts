export { OrdersService as Service } from './orders.service';
