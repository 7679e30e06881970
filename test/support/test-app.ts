import { randomBytes } from 'node:crypto';
import { Module, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DataSource } from 'typeorm';
import { AppModule } from '../../src/app.module.js';
import { configureApp, createAdapter } from '../../src/app.setup.js';
import type { AppConfig } from '../../src/config/config.js';
import { loadConfig } from '../../src/config/load-config.js';
import { faultsOfStoredEvents } from './contract/stored-events.js';
import { watchForSecondConnections } from './second-connections.js';
import { createTestDatabase, type TestDatabase } from './test-database.js';

export interface TestApp {
  readonly app: NestFastifyApplication;
  /** The address without a path: `http://127.0.0.1:<port>`. */
  readonly url: string;
  readonly config: AppConfig;
  close(): Promise<void>;
}

/** What a test may change; a slice is laid over the standard one. `database` makes two apps share one. */
export type TestOverrides = { readonly [Slice in keyof AppConfig]?: Partial<AppConfig[Slice]> };

@Module({})
class TestRoot {}

/**
 * The whole application on a random port, with a database of its own unless one is given.
 *
 * @param extras modules beside those of the application: programs that only a test has
 */
export async function createTestApp(overrides: TestOverrides = {}, extras: readonly Type[] = []): Promise<TestApp> {
  const database = overrides.database?.url === undefined ? await createTestDatabase() : undefined;
  const config = testConfig(overrides, database);
  const root = { module: TestRoot, imports: [AppModule.register(config), ...extras] };
  const app = await NestFactory.create<NestFastifyApplication>(root, createAdapter(config.server), {
    logger: ['error', 'fatal'],
    abortOnError: false,
  });
  await configureApp(app, config);
  const secondConnections = watchForSecondConnections(app.get(DataSource));
  await app.listen(0, '127.0.0.1');
  const close = async (): Promise<void> => {
    await app.close();
    if (!database) return;
    const faults = await faultsOfStoredEvents(database.url);
    await database.drop();
    if (secondConnections().length > 0) throw new Error(secondConnections().join('\n\n'));
    if (faults.length > 0) throw new Error(`Events that are not as events.json says:\n${faults.join('\n')}`);
  };
  return { app, url: await app.getUrl(), config, close };
}

function testConfig(overrides: TestOverrides, database: TestDatabase | undefined): AppConfig {
  const standard = loadConfig({
    LOG_LEVEL: 'error',
    JWT_SECRET: randomBytes(32).toString('hex'),
    ENCRYPTION_KEY: randomBytes(32).toString('hex'),
    BACKOFFICE_SETUP_TOKEN: randomBytes(32).toString('hex'),
    // Every test comes from one address.
    REQUESTS_PER_USER_PER_MINUTE: '1000000',
    REQUEST_BURST_PER_USER: '1000000',
    REQUESTS_PER_ADDRESS_PER_MINUTE: '1000000',
    SIGN_INS_PER_ADDRESS_PER_MINUTE: '100000',
    REGISTRATIONS_PER_ADDRESS_PER_HOUR: '100000',
  });
  return {
    server: Object.assign({}, standard.server, { port: 0 }, overrides.server),
    database: { url: database?.url ?? '', poolSize: 5, ...overrides.database },
    auth: Object.assign({}, standard.auth, overrides.auth),
    providers: Object.assign({}, standard.providers, overrides.providers),
    engine: Object.assign({}, standard.engine, overrides.engine),
    scheduler: Object.assign({}, standard.scheduler, overrides.scheduler),
    memory: Object.assign({}, standard.memory, overrides.memory),
    network: Object.assign({}, standard.network, overrides.network),
    agents: Object.assign({}, standard.agents, overrides.agents),
    groups: Object.assign({}, standard.groups, overrides.groups),
    workspace: Object.assign({}, standard.workspace, overrides.workspace),
    knowledge: Object.assign({}, standard.knowledge, overrides.knowledge),
    usage: Object.assign({}, standard.usage, overrides.usage),
  };
}
