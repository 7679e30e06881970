import { Module } from '@nestjs/common';
import { DatabaseReadiness } from './database.readiness.js';
import { HealthController } from './health.controller.js';
import { MetricsController } from './metrics.controller.js';

@Module({ controllers: [HealthController, MetricsController], providers: [DatabaseReadiness] })
export class HealthModule {}
