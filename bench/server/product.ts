import { randomBytes } from 'node:crypto';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { AppModule } from '../../src/app.module.js';
import { configureApp, createAdapter } from '../../src/app.setup.js';
import { loadConfig } from '../../src/config/load-config.js';
import { ExecutionService } from '../../src/modules/execution/execution.service.js';
import { serveParent } from '../support/peer.js';
import { TalkerModule, type Talk } from './talker.program.js';

export interface ProductArgument {
  readonly databaseUrl: string;
  readonly modelUrl?: string;
}

/** `prepare` creates a run that waits, `go` lets it talk. */
type Question = { readonly prepare: Talk; readonly ownerId: string } | { readonly go: string };

@Module({})
class Root {}

const key = (): string => randomBytes(32).toString('hex');

// The whole application as `npm start` runs it, all roles and the usual logging, with a run kind that only this knows.
await serveParent(async (argument) => {
  const { databaseUrl, modelUrl } = argument as ProductArgument;
  const loaded = loadConfig({
    JWT_SECRET: key(),
    REQUESTS_PER_USER_PER_MINUTE: '100000000',
    REQUEST_BURST_PER_USER: '100000000',
    REQUESTS_PER_ADDRESS_PER_MINUTE: '100000000',
    ENCRYPTION_KEY: key(),
    BACKOFFICE_SETUP_TOKEN: key(),
    STEP_SLOTS: '1000',
    MAX_RUNS: '1000',
    OPENAI_MAX_CONCURRENT_CALLS: '1000',
    ...(modelUrl && { OPENAI_API_KEY: 'bench', OPENAI_BASE_URL: modelUrl, DEFAULT_PROVIDER: 'openai' }),
  });
  const config = { ...loaded, database: { ...loaded.database, url: databaseUrl } };
  const root = { module: Root, imports: [AppModule.register(config), TalkerModule] };
  const options = { bufferLogs: true, abortOnError: false };
  const app = await NestFactory.create<NestFastifyApplication>(root, createAdapter(), options);
  await configureApp(app, config);
  await app.listen(0, '127.0.0.1');
  const execution = app.get(ExecutionService);
  const answer = async (asked: unknown): Promise<unknown> => {
    const question = asked as Question;
    if ('go' in question) return execution.signal(question.go, 'go', {});
    const { prepare, ownerId } = question;
    return execution.start({ kind: 'bench.talk', input: prepare, ownerId });
  };
  return { ready: { url: await app.getUrl() }, answer, close: () => app.close() };
});
