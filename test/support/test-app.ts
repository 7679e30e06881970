import { randomBytes } from 'node:crypto';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { AppModule } from '../../src/app.module.js';
import { configureApp, createAdapter } from '../../src/app.setup.js';
import type { AppConfig } from '../../src/config/config.js';
import { loadConfig } from '../../src/config/load-config.js';
import { createTestDatabase, type TestDatabase } from './test-database.js';

export interface TestApp {
  readonly app: NestFastifyApplication;
  /** The address without a path: `http://127.0.0.1:<port>`. */
  readonly url: string;
  readonly config: AppConfig;
  readonly database: TestDatabase;
  close(): Promise<void>;
}
