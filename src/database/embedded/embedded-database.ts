import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { ensureCluster, readPassword, ROLE } from './cluster.js';
import { EmbeddedDatabaseError } from './embedded.errors.js';
import { prepareLayout, removeOutsideRoot, type Layout } from './layout.js';
import { stopLeftOver } from './left-over.js';
import { acquireLock } from './lock-file.js';
import { waitUntilReady } from './readiness.js';
import { ServerProcess } from './server-process.js';
import { connectionUrl, serverArguments, type Endpoint } from './server-settings.js';

export interface EmbeddedDatabaseOptions {
  /** The folder that holds the database, made when absent. */
  readonly dataDir: string;
  /** False lets a power failure lose data: for tests only. Default true. */
  readonly durable?: boolean;
  /** Told what an operator should know (`warn`) and what the server says about itself (`debug`). */
  readonly log?: (level: 'warn' | 'debug', line: string) => void;
}

/** Recovery after a crash replays the log since the last checkpoint, at most about `max_wal_size`. */
const START_WITHIN_MS = 120_000;
const STOP_WITHIN_MS = 15_000;
const RETRY_FOR_MS = 10_000;

/** What PostgreSQL says while the last server of this cluster is still on its way out. */
const STILL_HELD = /lock file .* already exists|pre-existing shared memory block|Is another postmaster/;

/**
 * A real PostgreSQL from the npm-packaged binaries, owned by this process: it ends when this process ends, however that
 * happens, and is started again when it ends by itself.
 */
export class EmbeddedDatabase {
  private server: ServerProcess | undefined;
  private isReady = false;
  private isStopping = false;

  private constructor(
    private readonly layout: Layout,
    private readonly endpoint: Endpoint,
    private readonly options: EmbeddedDatabaseOptions,
    private readonly releaseLock: () => void,
  ) {}

  /**
   * @throws {DatabaseInUseError} when another living process owns the folder
   * @throws {EmbeddedDatabaseError} when it cannot start here; the message says what to do
   */
  static async start(options: EmbeddedDatabaseOptions): Promise<EmbeddedDatabase> {
    const layout = prepareLayout(options.dataDir);
    const releaseLock = acquireLock(layout.lockFile, layout.root);
    try {
      return await EmbeddedDatabase.open(layout, options, releaseLock);
    } catch (error) {
      releaseLock();
      throw error;
    }
  }

  private static async open(
    layout: Layout,
    options: EmbeddedDatabaseOptions,
    releaseLock: () => void,
  ): Promise<EmbeddedDatabase> {
    if (layout.relocatedFrom) {
      options.log?.(
        'warn',
        `User ${layout.user?.name} cannot enter ${layout.relocatedFrom}: the database is in ${layout.root}`,
      );
    }
    await stopLeftOver(layout.cluster);
    await ensureCluster(layout, options.durable ?? true);
    const database = new EmbeddedDatabase(layout, await chooseEndpoint(layout), options, releaseLock);
    await database.launch();
    return database;
  }

  get url(): string {
    return connectionUrl(this.endpoint, ROLE, readPassword(this.layout), ROLE);
  }

  /** The id of PostgreSQL's first process. */
  get pid(): number | undefined {
    return this.server?.pid;
  }

  async stop(): Promise<void> {
    this.isStopping = true;
    this.isReady = false;
    await this.server?.stop(STOP_WITHIN_MS);
    removeOutsideRoot(this.layout);
    this.releaseLock();
  }

  private async launch(): Promise<void> {
    const giveUpAt = Date.now() + RETRY_FOR_MS;
    while (!this.isStopping) {
      const server = this.spawnServer();
      const deadline = Date.now() + START_WITHIN_MS;
      if (await waitUntilReady(this.url, () => server.isRunning && Date.now() < deadline)) return this.watch(server);
      await server.stop(STOP_WITHIN_MS);
      if (!this.isStopping && (!STILL_HELD.test(server.output) || Date.now() > giveUpAt)) {
        throw new EmbeddedDatabaseError(
          `The embedded PostgreSQL did not start in ${this.layout.root}:\n${server.output}`,
        );
      }
      await sleep(200);
    }
  }

  private spawnServer(): ServerProcess {
    const settings = serverArguments(this.layout, this.endpoint, this.options.durable ?? true);
    this.server = ServerProcess.start(this.layout, settings, (line) => this.report(line));
    return this.server;
  }

  /** While it starts, a server also complains about our own attempts to reach it. */
  private report(line: string): void {
    const matters = this.isReady && !line.startsWith('LOG:');
    this.options.log?.(matters ? 'warn' : 'debug', `postgres: ${line}`);
  }

  private watch(server: ServerProcess): void {
    this.isReady = true;
    void server.ended.then(() => this.relaunch());
  }

  /** The server was killed or crashed: clients see it away for a moment, as with any restart of a database. */
  private async relaunch(): Promise<void> {
    this.isReady = false;
    while (!this.isStopping) {
      this.options.log?.('warn', 'The embedded PostgreSQL ended unexpectedly; starting it again');
      try {
        return await this.launch();
      } catch (error) {
        this.options.log?.('warn', String(error));
        await sleep(1_000);
      }
    }
  }
}

async function chooseEndpoint(layout: Layout): Promise<Endpoint> {
  return process.platform === 'win32' ? { port: await freePort() } : { socketFolder: layout.socketFolder };
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
