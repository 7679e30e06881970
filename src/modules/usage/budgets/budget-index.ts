import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { UsageScope } from '../usage-scope.js';

interface StandingBudget {
  readonly id: string;
  readonly scope: 'user' | 'project' | 'agent';
  readonly ownerId: string;
  readonly projectId: string | null;
  readonly agentId: string | null;
}

const REVISION = 'SELECT revision::int AS revision FROM budget_revisions';
const STANDING = `SELECT id, scope, owner_id AS "ownerId", project_id AS "projectId", agent_id AS "agentId"
  FROM budgets WHERE scope <> 'run'`;
const OF_RUN = `SELECT array_remove(array_agg(b.id), NULL) AS ids
  FROM runs r LEFT JOIN budgets b ON b.run_id = r.root_run_id WHERE r.id = $1`;

/** Twice within the second after which a new budget holds everywhere. */
const LOOK_EVERY_MS = 500;
/** Runs whose budgets are remembered; beyond it the oldest is asked for again. */
const REMEMBERED_RUNS = 10_000;

/**
 * Which budgets a call falls under, known without asking the database: those of users, projects and agents are held in
 * memory, and a number that changes with them is looked at twice a second. Whether the tree of a run has budgets is asked
 * once for each run; those that it is started with are there before it begins.
 */
@Injectable()
export class BudgetIndex implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(BudgetIndex.name);
  private standing = new Map<string, string[]>();
  private readonly ofRuns = new Map<string, Promise<readonly string[]>>();
  private revision = 0;
  private loading: Promise<void> | undefined;
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly database: DataSource) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => void this.look(), LOOK_EVERY_MS).unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.timer);
  }

  async idsFor(scope: UsageScope): Promise<readonly string[]> {
    if (this.revision === 0) await this.refresh();
    const ofRun = await this.idsOfRun(scope.runId);
    if (ofRun.length === 0 && this.standing.size === 0) return ofRun;
    return [...keysOf(scope).flatMap((key) => this.standing.get(key) ?? []), ...ofRun];
  }

  /** So that {@link idsFor} need not wait. What fails is asked for again there. */
  foresee(runId: string): void {
    this.idsOfRun(runId).catch(() => undefined);
  }

  /** Reads anew: called in the process that changed a budget. */
  async refresh(): Promise<void> {
    // One that is under way may have read before the change.
    await this.loading?.catch(() => undefined);
    this.loading ??= this.load().finally(() => (this.loading = undefined));
    await this.loading;
  }

  private idsOfRun(runId: string): Promise<readonly string[]> {
    const known = this.ofRuns.get(runId);
    if (known) return known;
    const asked = this.database.query<{ ids: string[] | null }[]>(OF_RUN, [runId]).then(([row]) => row?.ids ?? []);
    this.ofRuns.set(runId, asked);
    asked.catch(() => this.ofRuns.delete(runId));
    const [oldest] = this.ofRuns.keys();
    if (this.ofRuns.size > REMEMBERED_RUNS && oldest !== undefined) this.ofRuns.delete(oldest);
    return asked;
  }

  private async look(): Promise<void> {
    try {
      const [row] = await this.database.query<{ revision: number }[]>(REVISION);
      if (row && row.revision !== this.revision) await this.refresh();
    } catch (error) {
      this.logger.warn({ err: error }, 'Looking for changed budgets failed, trying again');
    }
  }

  private async load(): Promise<void> {
    // First the number: a change in between is read twice rather than never.
    const [row] = await this.database.query<{ revision: number }[]>(REVISION);
    const budgets = await this.database.query<StandingBudget[]>(STANDING);
    this.standing = new Map();
    for (const budget of budgets) {
      const key = keyOf(budget);
      this.standing.set(key, [...(this.standing.get(key) ?? []), budget.id]);
    }
    this.ofRuns.clear();
    this.revision = row?.revision ?? 0;
  }
}

function keyOf({ scope, ownerId, projectId, agentId }: StandingBudget): string {
  if (scope === 'user') return `user ${ownerId}`;
  if (scope === 'project') return `project ${projectId}`;
  return projectId === null ? `agent ${agentId} of ${ownerId}` : `agent ${agentId} in ${projectId}`;
}

/** An agent's budget counts what its owner, or the members of its project, let the agent do. */
function keysOf({ ownerId, projectId, agentId }: UsageScope): string[] {
  const ofAgent = agentId === null ? [] : [`agent ${agentId} of ${ownerId}`, `agent ${agentId} in ${projectId}`];
  return [`user ${ownerId}`, `project ${projectId}`, ...ofAgent];
}
