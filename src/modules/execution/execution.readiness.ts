import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { ReadinessRegistry } from '../../common/lifecycle/readiness-registry.js';
import { EngineHost } from './engine-host.js';
import { ProgramRegistry } from './program-registry.js';

/** Enough to tell: this is asked by probes. */
const LOOK_AT = 10_000;
const CLAIMABLE = `SELECT kind, version, count(*)::integer AS runs
  FROM (SELECT kind, version FROM run_control WHERE queue_key IS NOT NULL LIMIT ${LOOK_AT}) c GROUP BY kind, version`;

/** Whether this process can execute runs; and, as a note, which runs nobody here can go on with. */
@Injectable()
export class ExecutionReadiness implements OnModuleInit {
  constructor(
    private readonly database: DataSource,
    private readonly host: EngineHost,
    private readonly programs: ProgramRegistry,
    private readonly readiness: ReadinessRegistry,
  ) {}

  onModuleInit(): void {
    if (this.host.isWorker) this.readiness.register('worker', () => this.check());
  }

  private async check(): Promise<string | undefined> {
    if (!this.host.engine.isHealthy) throw new Error('the lease of this process could not be prolonged in time');
    const groups = await this.database.query<{ kind: string; version: number; runs: number }[]>(CLAIMABLE);
    const gone = groups.filter(({ kind, version }) => !this.programs.canReplay(kind, version));
    if (gone.length === 0) return undefined;
    return `PROGRAM_VERSION_GONE: ${gone.map(({ kind, version, runs }) => `${runs} of ${kind} ${version}`).join(', ')}`;
  }
}
