import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DataSource } from 'typeorm';
import { commonOptions } from '../../src/database/data-source-options.js';
import { EmbeddedDatabase } from '../../src/database/embedded/embedded-database.js';
import { migrate } from '../../src/database/migrator.js';
import { processTreeCpuMs } from './process-cpu.js';

/** The embedded database as the product runs it, every commit on the disk, in a folder of its own. */
export class BenchDatabase {
  private constructor(
    private readonly folder: string,
    private readonly server: EmbeddedDatabase,
    readonly dataSource: DataSource,
  ) {}

  static async start(): Promise<BenchDatabase> {
    const folder = mkdtempSync(join(tmpdir(), 'troupe-bench-'));
    chmodSync(folder, 0o755); // as root the server runs as another user, who has to enter
    const server = await EmbeddedDatabase.start({ dataDir: folder });
    await migrate(server.url);
    return new BenchDatabase(folder, server, await new DataSource(commonOptions(server.url, 4)).initialize());
  }

  get url(): string {
    return this.server.url;
  }

  /** Of all processes of the server, since it started. */
  get cpuMs(): number {
    return processTreeCpuMs(this.server.pid ?? 0);
  }

  /** Bytes of write-ahead log since the cluster was made. */
  async walBytes(): Promise<number> {
    const [row] = await this.dataSource.query<[{ bytes: string }]>(
      `SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0') AS bytes`,
    );
    return Number(row.bytes);
  }

  async stop(): Promise<void> {
    await this.dataSource.destroy();
    await this.server.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
