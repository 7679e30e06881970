import { randomUUID } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { EmbeddedDatabase } from '../../src/database/embedded/embedded-database.js';
import { migrate } from '../../src/database/migrator.js';
import { executeSql } from './execute-sql.js';

declare module 'vitest' {
  interface ProvidedContext {
    /** A database of the test server, from which others are made and dropped. */
    testDatabaseAdminUrl: string;
    /** A migrated database nobody connects to. */
    testDatabaseTemplate: string;
  }
}

interface TestServer {
  readonly adminUrl: string;
  readonly template: string;
  stop(): Promise<void>;
}

interface SharedServer {
  users: number;
  readonly server: Promise<TestServer>;
}

/** Each vitest project loads this file for itself, and all of them share one server. */
const shared = globalThis as typeof globalThis & { troupeTestServer?: SharedServer };

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const holder = (shared.troupeTestServer ??= { users: 0, server: startTestServer() });
  holder.users += 1;
  const { adminUrl, template } = await holder.server;
  project.provide('testDatabaseAdminUrl', adminUrl);
  project.provide('testDatabaseTemplate', template);
  return async () => {
    holder.users -= 1;
    if (holder.users > 0) return;
    shared.troupeTestServer = undefined;
    await (await holder.server).stop();
  };
}

async function startTestServer(): Promise<TestServer> {
  const external = process.env['TEST_DATABASE_URL'];
  return external ? useExternalServer(external) : startEmbeddedServer();
}

async function startEmbeddedServer(): Promise<TestServer> {
  const dataDir = mkdtempSync(join(tmpdir(), 'troupe-test-'));
  chmodSync(dataDir, 0o755); // as root the server runs as another user, who has to enter
  const database = await EmbeddedDatabase.start({ dataDir, durable: false });
  const template = await makeTemplate(database.url);
  return {
    adminUrl: database.url,
    template,
    stop: async () => {
      await database.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

async function useExternalServer(adminUrl: string): Promise<TestServer> {
  const template = await makeTemplate(adminUrl);
  return {
    adminUrl,
    template,
    stop: async () => void (await executeSql(adminUrl, `DROP DATABASE IF EXISTS ${template} WITH (FORCE)`)),
  };
}

async function makeTemplate(adminUrl: string): Promise<string> {
  const template = `troupe_template_${randomUUID().replaceAll('-', '')}`;
  await executeSql(adminUrl, `CREATE DATABASE ${template}`);
  const url = new URL(adminUrl);
  url.pathname = `/${template}`;
  await migrate(url.href);
  return template;
}
