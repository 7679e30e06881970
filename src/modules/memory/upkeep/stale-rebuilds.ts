import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { newId } from '../../../common/ids/id.js';
import { ExecutionService } from '../../execution/execution.service.js';
import { SYSTEM_KIND } from '../../execution/system/system-job.js';
import { REBUILD_JOB, type RebuildInput } from '../summaries/summary-job.js';

interface StaleSummary {
  readonly id: string;
  readonly owner_id: string;
  readonly project_id: string | null;
}

const AT_ONCE = 50;
/** Runs of one user that make summaries anew at the same time. */
const RUNS_AT_ONCE = 2;
/** From the lowest level up, each by one process; again when a run has come to nothing. */
const FIND = `SELECT s.id, s.owner_id, s.project_id FROM memory_items s
  WHERE s.stale AND (s.rebuild_after IS NULL OR s.rebuild_after < now())
    AND NOT EXISTS (SELECT 1 FROM memory_links l JOIN memory_items o ON o.id = l.to_id
      WHERE l.from_id = s.id AND l.type = 'summarizes' AND o.stale)
    AND NOT EXISTS (SELECT 1 FROM runs r WHERE r.id = s.rebuild_run_id AND r.ended_at IS NULL)
  ORDER BY s.id LIMIT ${AT_ONCE} FOR UPDATE OF s SKIP LOCKED`;
const CLAIM = `UPDATE memory_items i SET rebuild_after = now() + interval '15 minutes', rebuild_run_id = c.run_id
  FROM unnest($1::uuid[], $2::uuid[]) AS c (id, run_id) WHERE i.id = c.id`;

/** Has summaries of what is gone or was changed made anew, by runs of whoever they belong to. */
@Injectable()
export class StaleRebuilds {
  constructor(
    private readonly database: DataSource,
    private readonly execution: ExecutionService,
  ) {}

  /** Answers how many were started. */
  start(): Promise<number> {
    return this.database.transaction((manager) => this.startIn(manager));
  }

  private async startIn(manager: EntityManager): Promise<number> {
    const stale = await manager.query<StaleSummary[]>(FIND);
    if (stale.length === 0) return 0;
    const runs = stale.map((summary) => runOf(summary));
    await manager.query(CLAIM, [stale.map(({ id }) => id), runs.map(({ id }) => id)]);
    await this.execution.startDrafts(
      manager,
      runs.map((run) => this.execution.draft(run)),
    );
    return stale.length;
  }
}

function runOf({ id, owner_id: ownerId, project_id: projectId }: StaleSummary) {
  const input: RebuildInput = { job: REBUILD_JOB, summary_id: id };
  const concurrency = { key: `memory-summaries:${ownerId}`, limit: RUNS_AT_ONCE };
  return { id: newId(), kind: SYSTEM_KIND, input, ownerId, projectId, concurrency };
}
