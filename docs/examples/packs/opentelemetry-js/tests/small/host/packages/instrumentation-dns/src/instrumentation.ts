import { InstrumentationBase, InstrumentationConfig } from '@opentelemetry/instrumentation';

export class DnsInstrumentation extends InstrumentationBase {
  constructor(config: InstrumentationConfig = {}) {
    super('@opentelemetry/instrumentation-dns', '0.64.0', config);
  }

  protected init() {
    return [];
  }
}
