import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EmbeddedDatabase } from '../../../src/database/embedded/embedded-database.js';
import { isRunning } from '../../../src/database/embedded/process-info.js';
import { ServerProcess, type Environment } from '../server-process.js';
import { ModelServerProcess } from './model-server-process.js';
import { PACES } from './random-flow.js';
import { until } from './until.js';

/** One server of a site. */
export interface SiteServer {
  readonly process: ServerProcess;
  readonly url: string;
  /** Milliseconds since 1970. */
  readonly readyAt: number;
}

export interface SiteOptions {
  /** True: each server brings its own embedded database. Default: one durable database for all servers. */
  readonly ownDatabase?: boolean;
  readonly env?: Environment;
}

const KEPT_LINES = 30;
const LINE_LENGTH = 1_000;

const READY = /Troupe is ready at (http:\S+)/;

/**
 * An installation of Troupe as an operator would run it: servers as processes, a durable database, a model server on
 * loopback. What it started ends with `stop`, whatever happened to it before.
 */
export class Site {
  private readonly servers: SiteServer[] = [];

  private constructor(
    private readonly folder: string,
    private readonly env: Environment,
    readonly models: ModelServerProcess,
    private embedded: EmbeddedDatabase | undefined,
  ) {}

  static async start({ ownDatabase = false, env = {} }: SiteOptions = {}): Promise<Site> {
    const folder = mkdtempSync(join(tmpdir(), 'troupe-site-'));
    chmodSync(folder, 0o755); // as root the database runs as another user, who has to enter
    const models = await ModelServerProcess.start();
    await models.setScript(PACES);
    const embedded = ownDatabase ? undefined : await EmbeddedDatabase.start({ dataDir: join(folder, 'database') });
    const all = { ...standardEnvironment(models.baseUrl), ...env };
    return new Site(folder, embedded ? { ...all, DATABASE_URL: embedded.url } : all, models, embedded);
  }

  /** The database of all servers. */
  get database(): EmbeddedDatabase {
    if (!this.embedded) throw new Error('Each server of this site has its own database');
    return this.embedded;
  }

  get leaseMs(): number {
    return Number(this.env['LEASE_SECONDS']) * 1_000;
  }

  /** Starts a server and waits until it is ready. Servers of one name share a data folder. */
  async startServer(name: string, env: Environment = {}): Promise<SiteServer> {
    const dataDir = join(this.folder, name);
    mkdirSync(dataDir, { recursive: true, mode: 0o755 });
    const process = new ServerProcess('dist/src/main.js', {
      PORT: '0',
      DATA_DIR: dataDir,
      ...this.env,
      ...env,
    });
    const [, url = ''] = await process.sees(READY);
    const server = { process, url, readyAt: Date.now() };
    this.servers.push(server);
    return server;
  }

  /** The first process of the PostgreSQL that a server brought along. */
  postgresPid(name: string): number {
    return Number(readFileSync(this.postmasterFile(name), 'utf8').split('\n')[0]);
  }

  /** Takes the database away; `returnDatabase` brings it back. */
  async takeDatabaseAway(): Promise<void> {
    await this.database.stop();
  }

  async returnDatabase(): Promise<void> {
    this.embedded = await EmbeddedDatabase.start({ dataDir: join(this.folder, 'database') });
  }

  /** The errors that the servers wrote of, for whoever has to find out why. */
  printLogs(): void {
    for (const { process: server } of this.servers) {
      const lines = server.output.split('\n').filter((line) => !/^$|^{"level":"warn"/.test(line));
      process.stderr.write(`--- ${server.pid}\n${lines.slice(-KEPT_LINES).map(shorten).join('\n')}\n`);
    }
  }

  async stop(): Promise<void> {
    const databases = this.ownDatabases();
    for (const { process } of this.servers.splice(0)) {
      process.signal('SIGKILL');
      await process.exited;
    }
    // Each ends with its server, a moment later, and writes until then.
    for (const pid of databases) await untilGone(pid);
    await this.models.stop();
    await this.embedded?.stop();
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 50, retryDelay: 100 });
  }

  /** First processes of the databases that servers brought along and that are still there. */
  private ownDatabases(): number[] {
    const names = readdirSync(this.folder);
    return names
      .filter((name) => name !== 'database' && existsSync(this.postmasterFile(name)))
      .map((name) => this.postgresPid(name));
  }

  private postmasterFile(name: string): string {
    return join(this.folder, name, 'postgres/cluster/postmaster.pid');
  }
}

function shorten(line: string): string {
  return line.length > LINE_LENGTH ? `${line.slice(0, LINE_LENGTH)}…` : line;
}

/** A port for a server that has to come back where it was. */
export function freePort(): Promise<string> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(String(port)));
    });
  });
}

/** Waits until a process that was killed is gone. */
export async function untilGone(pid: number): Promise<void> {
  await until(`process ${pid} is gone`, 30_000, () => !isRunning(pid) || undefined);
}

function standardEnvironment(baseUrl: string): Environment {
  return {
    LOG_LEVEL: 'warn',
    LEASE_SECONDS: '2',
    JWT_SECRET: randomBytes(32).toString('hex'),
    ENCRYPTION_KEY: randomBytes(32).toString('hex'),
    BACKOFFICE_SETUP_TOKEN: randomBytes(32).toString('hex'),
    ACCESS_TOKEN_SECONDS: '86400',
    REQUESTS_PER_USER_PER_MINUTE: '1000000',
    REQUEST_BURST_PER_USER: '1000000',
    REQUESTS_PER_ADDRESS_PER_MINUTE: '1000000',
    SIGN_INS_PER_ADDRESS_PER_MINUTE: '100000',
    REGISTRATIONS_PER_ADDRESS_PER_HOUR: '100000',
    DEFAULT_PROVIDER: 'openai',
    DEFAULT_MODEL: 'model-small',
    OPENAI_BASE_URL: baseUrl,
  };
}
