import { Global, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { DatabaseConfig } from '../config/config.js';
import { commonOptions } from './data-source-options.js';
import { PoolMetrics } from './pool-metrics.js';
import { NestTypeormLogger } from './nest-typeorm.logger.js';

/** The one data source of the process. The schema is brought up to date before the application starts. */
@Global()
@Module({
  imports: [
    TypeOrmModule.forRootAsync({
      inject: [DatabaseConfig],
      useFactory: ({ url, poolSize }: DatabaseConfig) => ({
        ...commonOptions(url, poolSize),
        logger: new NestTypeormLogger(),
        autoLoadEntities: true,
        retryAttempts: 3,
        retryDelay: 1_000,
      }),
    }),
  ],
  providers: [PoolMetrics],
})
export class DatabaseModule {}
