export * as Orders from './orders';
export * as Prices from './prices';
export { NotYet, Served } from './served';
