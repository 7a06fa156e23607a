import { InstrumentationBase, InstrumentationConfig } from '@opentelemetry/instrumentation';

export class MongoDBInstrumentation extends InstrumentationBase {
  constructor(config: InstrumentationConfig = {}) {
    super('@opentelemetry/instrumentation-mongodb', '0.74.0', config);
  }

  protected init() {
    return [];
  }
}
