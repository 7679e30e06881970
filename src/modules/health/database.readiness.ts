import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { ReadinessRegistry } from '../../common/lifecycle/readiness-registry.js';

@Injectable()
export class DatabaseReadiness implements OnModuleInit {
  constructor(
    private readonly database: DataSource,
    private readonly readiness: ReadinessRegistry,
  ) {}

  onModuleInit(): void {
    this.readiness.register('database', async () => {
      await this.database.query('SELECT 1');
    });
  }
}
