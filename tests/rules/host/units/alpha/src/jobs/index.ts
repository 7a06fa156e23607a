export * as Orders from './orders';
