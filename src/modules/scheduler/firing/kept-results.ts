import { Injectable, Logger } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { DomainError } from '../../../common/errors/domain.error.js';
import { runWithTrace } from '../../../common/tracing/current-trace.js';
import { newTrace } from '../../../common/tracing/traceparent.js';
import { RunPresenter } from '../../execution/run-presenter.js';
import { RunReader } from '../../execution/run-reader.js';
import type { RunView } from '../../execution/run-view.js';
import { MemoryItems } from '../../memory/items/memory-items.service.js';
import type { MemoryFields } from '../../memory/items/memory-draft.js';
import type { Namespace } from '../../memory/namespace.js';

/** Of fires of tasks that keep what comes of them. */
const COMPLETED = `SELECT f.run_id AS "runId", f.due_at AS "dueAt", t.id AS "taskId", t.name,
    t.owner_id AS "ownerId", t.project_id AS "projectId"
  FROM task_fires f JOIN tasks t ON t.id = f.task_id JOIN run_control c ON c.run_id = f.run_id
  WHERE f.id = ANY ($1) AND f.settled_at IS NULL AND t.dedicated_context AND c.status = 'completed'`;
/** What an item of memory holds, in characters. */
const MAX_CONTENT = 20_000;

interface CompletedFire {
  readonly runId: string;
  readonly dueAt: Date;
  readonly taskId: string;
  readonly name: string;
  readonly ownerId: string;
  readonly projectId: string | null;
}

/** Remembers what comes of tasks with `dedicated_context`, for the project of the task, else for its owner. */
@Injectable()
export class KeptResults {
  private readonly logger = new Logger(KeptResults.name);

  constructor(
    private readonly database: DataSource,
    private readonly runs: RunReader,
    private readonly presenter: RunPresenter,
    private readonly items: MemoryItems,
  ) {}

  /** Before the fires are settled: done again after a crash in between, it finds what was kept. */
  async keep(fireIds: readonly string[]): Promise<void> {
    for (const fire of await this.database.query<CompletedFire[]>(COMPLETED, [fireIds])) {
      const run = await this.runs.find(fire.runId);
      if (run) await runWithTrace(newTrace(run.traceId), () => this.keepResult(fire, run));
    }
  }

  private async keepResult(fire: CompletedFire, run: RunView): Promise<void> {
    const content = textOf(this.presenter.outputOf(run));
    if (content === '') return;
    try {
      await this.items.saveOnce(fire.ownerId, namespaceOf(fire), fieldsOf(fire, content), `task:${fire.runId}`);
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      // The owner may have left the project: the task goes on without what it would have remembered.
      this.logger.warn({ err: error, taskId: fire.taskId, runId: fire.runId }, 'The result of a task was not kept');
    }
  }
}

function namespaceOf({ ownerId, projectId }: CompletedFire): Namespace {
  return projectId === null ? { scope: 'user', id: ownerId } : { scope: 'project', id: projectId };
}

function fieldsOf({ taskId, runId, dueAt, name }: CompletedFire, content: string): MemoryFields {
  const metadata = { source: 'task', task_id: taskId, task_name: name, run_id: runId, at: dueAt.toISOString() };
  return { kind: 'user_data', content, tags: ['task'], metadata };
}

function textOf({ output, outputs }: Readonly<Record<string, unknown>>): string {
  const value = output ?? outputs ?? '';
  return (typeof value === 'string' ? value : JSON.stringify(value)).slice(0, MAX_CONTENT);
}
