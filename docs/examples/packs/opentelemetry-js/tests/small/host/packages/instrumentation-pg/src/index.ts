export { PgInstrumentation } from './instrumentation';
