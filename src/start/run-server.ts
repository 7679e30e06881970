import { setTimeout as sleep } from 'node:timers/promises';
import { ConsoleLogger, Logger } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { AppModule } from '../app.module.js';
import { configureApp, createAdapter } from '../app.setup.js';
import type { AppConfig, LogLevel } from '../config/config.js';
import { loadConfig, type LoadedConfig } from '../config/load-config.js';
import { readEnvironment } from '../config/read-environment.js';
import { EmbeddedDatabase } from '../database/embedded/embedded-database.js';
import { migrate } from '../database/migrator.js';
import { saveCompileCache } from './compile-cache.js';
import { greeting } from './greeting.js';
import { runUntilSignal, type Started } from './run-until-signal.js';

/** What is left of a drain after its time is cut off soon after. */
const DRAIN_GRACE_MS = 2_000;

/** The server as a process: reads its environment, starts, says so, ends on a signal. */
export async function runServer(): Promise<void> {
  await runUntilSignal(async (started) => {
    const loaded = loadConfig(readEnvironment());
    const logger = jsonLogger(loaded.server.logLevel);
    Logger.overrideLogger(logger);
    const config = await resolveDatabase(loaded, started);
    await bringUpToDate(config.database.url);
    const url = await startApp(config, started, logger);
    process.stdout.write(greeting({ url, loaded, uptimeSeconds: process.uptime() }));
    saveCompileCache();
  });
}

/** For what is said before the application has set up its own. */
function jsonLogger(level: LogLevel): ConsoleLogger {
  const levels = ['fatal', 'error', 'warn', 'log', 'debug', 'verbose'] as const;
  const names: readonly LogLevel[] = ['fatal', 'error', 'warn', 'info', 'debug', 'trace'];
  return new ConsoleLogger({ json: true, colors: false, logLevels: levels.slice(0, names.indexOf(level) + 1) });
}

async function resolveDatabase(loaded: LoadedConfig, started: Started): Promise<AppConfig> {
  const { url, poolSize } = loaded.database;
  return { ...loaded, database: { url: url ?? (await startEmbedded(loaded.dataDir, started)), poolSize } };
}

async function startEmbedded(dataDir: string, started: Started): Promise<string> {
  const logger = new Logger('Database');
  const database = await EmbeddedDatabase.start({ dataDir, log: (level, line) => logger[level](line) });
  started.push(() => database.stop());
  return database.url;
}

async function bringUpToDate(url: string): Promise<void> {
  const applied = await migrate(url);
  if (applied.length > 0) new Logger('Database').log(`Migrations applied: ${applied.join(', ')}`);
}

/** @returns the address it listens on */
async function startApp(config: AppConfig, started: Started, logger: ConsoleLogger): Promise<string> {
  const app = await NestFactory.create<NestFastifyApplication>(
    AppModule.register(config),
    createAdapter(config.server),
    {
      logger,
      bufferLogs: true,
      abortOnError: false,
    },
  );
  started.push(() => drain(app, config.server.drainSeconds));
  await configureApp(app, config);
  await app.listen(config.server.port, config.server.host);
  return app.getUrl();
}

/** Whoever does not finish in time is cut off: what was not recorded runs again elsewhere. */
async function drain(app: NestFastifyApplication, drainSeconds: number): Promise<void> {
  await Promise.race([app.close(), sleep(drainSeconds * 1_000 + DRAIN_GRACE_MS, undefined, { ref: false })]);
}
