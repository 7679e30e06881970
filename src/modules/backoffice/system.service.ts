import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { type Page, readPage } from '../../common/paging/page.js';
import { AuditEntry } from '../audit/entities/audit-entry.entity.js';
import { type AuditEntryDto, toAuditEntryDto } from './dto/audit-entry.dto.js';
import type { ListAuditDto } from './dto/operator-views.dto.js';
import type { QueueStateDto, SystemStateDto, WorkerStateDto } from './dto/system-state.dto.js';

// Each count is read from a partial index, however many runs there have been.
const QUEUE = `SELECT
    (SELECT count(*) FROM run_control WHERE queue_key IS NOT NULL)::int AS depth,
    (SELECT extract(epoch FROM now() - min(r.created_at)) FROM run_control c JOIN runs r ON r.id = c.run_id
      WHERE c.queue_key IS NOT NULL)::float8 AS oldest_seconds,
    (SELECT count(*) FROM run_control WHERE wake_at IS NOT NULL)::int AS asleep,
    (SELECT count(*) FROM run_control WHERE is_blocked)::int AS blocked`;
const RUNS = `SELECT status, count(*)::int AS n FROM run_control GROUP BY status ORDER BY status`;
const WORKERS = `SELECT w.name, w.roles, w.started_at, w.expires_at, w.expires_at > now() AS is_alive,
    (SELECT count(*) FROM run_control c WHERE c.worker_id = w.id)::int AS runs
  FROM workers w ORDER BY w.name, w.id`;

interface WorkerRow extends Pick<WorkerStateDto, 'name' | 'roles' | 'runs' | 'is_alive'> {
  readonly started_at: Date;
  readonly expires_at: Date;
}

@Injectable()
export class SystemService {
  constructor(private readonly database: DataSource) {}

  async state(): Promise<SystemStateDto> {
    const [[queue], runs, workers] = await Promise.all([
      this.database.query<[QueueStateDto]>(QUEUE),
      this.database.query<{ status: string; n: number }[]>(RUNS),
      this.database.query<WorkerRow[]>(WORKERS),
    ]);
    const byStatus = Object.fromEntries(runs.map(({ status, n }) => [status, n]));
    return { queue, runs: byStatus, workers: workers.map(toWorkerState) };
  }

  audit(asked: ListAuditDto): Promise<Page<AuditEntryDto>> {
    const query = this.database.manager.createQueryBuilder(AuditEntry, 'entry');
    const { action, outcome, actor_id: actorId, target_id: targetId } = asked;
    for (const [column, value] of Object.entries({ action, outcome, actorId, targetId })) {
      if (value !== undefined) query.andWhere(`entry.${column} = :${column}`, { [column]: value });
    }
    return readPage(query, asked, toAuditEntryDto);
  }
}

function toWorkerState({ started_at: startedAt, expires_at: expiresAt, ...row }: WorkerRow): WorkerStateDto {
  return { ...row, started_at: startedAt.toISOString(), lease_until: expiresAt.toISOString() };
}
