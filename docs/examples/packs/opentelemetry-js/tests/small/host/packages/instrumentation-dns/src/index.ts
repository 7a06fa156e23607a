export { DnsInstrumentation } from './instrumentation';
