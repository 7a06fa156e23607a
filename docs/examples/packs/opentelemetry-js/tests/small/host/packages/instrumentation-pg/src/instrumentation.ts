import { InstrumentationBase, InstrumentationConfig } from '@opentelemetry/instrumentation';

export class PgInstrumentation extends InstrumentationBase {
  constructor(config: InstrumentationConfig = {}) {
    super('@opentelemetry/instrumentation-pg', '0.73.0', config);
  }

  protected init() {
    return [];
  }
}
