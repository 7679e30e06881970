import { Injectable, type OnModuleInit } from '@nestjs/common';
import { collectDefaultMetrics, Registry } from 'prom-client';

/** The metrics of this process; modules register theirs with `registers: [registry]`. */
@Injectable()
export class MetricsRegistry extends Registry implements OnModuleInit {
  onModuleInit(): void {
    collectDefaultMetrics({ register: this });
  }
}
