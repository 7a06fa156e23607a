export { MongoDBInstrumentation } from './instrumentation';
