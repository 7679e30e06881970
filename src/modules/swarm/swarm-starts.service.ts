import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { InvalidInputError } from '../../common/errors/invalid-input.error.js';
import { newId } from '../../common/ids/id.js';
import { currentTraceId } from '../../common/tracing/current-trace.js';
import type { AuthenticatedUser } from '../auth/authenticated-user.js';
import { assertScope } from '../auth/scope-check.js';
import { ExecutionService, type StartRun } from '../execution/execution.service.js';
import { RunReader } from '../execution/run-reader.js';
import { RunRetries } from '../execution/run-retries.js';
import { isEnded } from '../execution/run-view.js';
import { AccessPolicy } from '../projects/access-policy.js';
import type { SaveProjectDto } from '../projects/dto/save-project.dto.js';
import type { ProjectResponseDto } from '../projects/dto/project-response.dto.js';
import { Project } from '../projects/entities/project.entity.js';
import { draftProject, lockProject, type ProjectDraft, ProjectsService } from '../projects/projects.service.js';
import { ModelCallsService } from '../providers/model-calls.service.js';
import { RunBudgets } from '../usage/budgets/run-budgets.js';
import type { RunBudgetDto } from '../usage/dto/run-budget.dto.js';
import { SWARM_KIND, type SwarmRunInput } from './program/swarm-run.js';
import { continued, isUnfinished, retried } from './state/restart.js';
import { NEW_STATE, type SwarmState } from './state/swarm-state.js';
import {
  SwarmNotFoundError,
  SwarmRunningError,
  SwarmTaskNotFailedError,
  SwarmTaskNotFoundError,
} from './swarm.errors.js';
import { SwarmStore } from './swarm-store.js';
import { SwarmStreams } from './swarm-streams.js';

export interface SwarmWish {
  /** What is to be built. Absent: what is left of the plan, else what was asked for before. */
  readonly prompt?: string | undefined;
  /** The one failed task that is to be tried again. */
  readonly taskId?: string | undefined;
  readonly budget?: RunBudgetDto | undefined;
}

type Starter = Pick<AuthenticatedUser, 'id' | 'scopes'>;

const NAME_CHARS = 80;

/** Starts swarms: in new projects, in those that are there, and again after their end. */
@Injectable()
export class SwarmStarts implements OnModuleInit {
  constructor(
    private readonly projects: ProjectsService,
    private readonly execution: ExecutionService,
    private readonly policy: AccessPolicy,
    private readonly models: ModelCallsService,
    private readonly budgets: RunBudgets,
    private readonly runs: RunReader,
    private readonly retries: RunRetries,
    private readonly store: SwarmStore,
    private readonly streams: SwarmStreams,
  ) {}

  onModuleInit(): void {
    this.retries.register((manager, runId, retryId) => this.replaceIn(manager, runId, retryId));
  }

  /** A project, and with a prompt its swarm, in one transaction. @throws {ScopeMissingError} */
  async create(user: Starter, { prompt, budget, ...dto }: SaveProjectDto & SwarmWish): Promise<ProjectResponseDto> {
    if (prompt === undefined) return this.projects.create(user.id, draftProject(dto));
    assertScope(user, 'run');
    const { draft, run } = await this.prepareNew(user.id, prompt, dto, budget);
    return this.projects.create(user.id, draft, (manager) =>
      this.execution.startDrafts(manager, [this.execution.draft(run)]),
    );
  }

  /** @throws {ProjectNotFoundError} @throws {NotAllowedError} @throws {SwarmRunningError} @throws {InvalidInputError} */
  async start(userId: string, projectId: string, wish: SwarmWish): Promise<string> {
    const { runId } = await this.execution.start(await this.prepare(userId, projectId, wish));
    return runId;
  }

  /** A run that works in a project which is there when it is started. */
  async prepare(userId: string, projectId: string, wish: SwarmWish): Promise<StartRun> {
    await this.policy.assertMayIn(userId, 'run', projectId);
    const project = await this.projects.find(projectId);
    const prompt = wish.prompt ?? project.prompt;
    if (wish.taskId !== undefined && project.runId === null) throw new SwarmNotFoundError(projectId);
    if (prompt === null) throw new InvalidInputError([{ path: '/prompt', code: 'REQUIRED', message: 'is required' }]);
    await this.assertIdle(project.runId);
    await this.assertUsable(userId, project);
    return this.runOf(userId, projectId, prompt, wish.budget, (manager, runId) =>
      this.beginIn(manager, { projectId, userId, runId, prompt, wish }),
    );
  }

  /** A run that makes its project, in the transaction that starts it. */
  async prepareWithProject(userId: string, prompt: string): Promise<Omit<StartRun, 'id'>> {
    const { draft, run } = await this.prepareNew(userId, prompt, {});
    const { id: _, ...rest } = run;
    return {
      ...rest,
      alongside: async (manager, runId) => {
        const [, events] = await this.projects.createIn(manager, userId, { ...draft, runId });
        this.streams.publishAtCommit(manager, events);
        await run.alongside?.(manager, runId);
      },
    };
  }

  /** A project that does not exist yet, and the run that its creation has to start. */
  async prepareNew(userId: string, prompt: string, dto: SaveProjectDto, budget?: RunBudgetDto) {
    const named = draftProject(dto);
    const name = dto.name ?? nameFrom(prompt);
    const draft: ProjectDraft = { ...named, name, prompt, runId: newId() };
    await this.assertUsable(userId, { ...draft, id: null });
    const run = this.runOf(userId, draft.id, prompt, budget, async (manager, runId) => {
      await this.store.putIn(manager, draft.id, NEW_STATE);
      await this.tellIn(manager, userId, draft.id, runId, NEW_STATE);
    });
    return { draft, run: { ...run, id: draft.runId ?? newId() } };
  }

  private runOf(
    ownerId: string,
    projectId: string,
    prompt: string,
    budget: RunBudgetDto | undefined,
    begin: (manager: EntityManager, runId: string) => Promise<void>,
  ): StartRun {
    const input: SwarmRunInput = { prompt };
    const { alongside } = this.budgets.startWith(budget, { ownerId, projectId });
    return {
      kind: SWARM_KIND,
      input,
      ownerId,
      projectId,
      alongside: async (manager, runId) => {
        await begin(manager, runId);
        await alongside?.(manager, runId);
      },
    };
  }

  /** Under the lock of the project: of two starts at once one is refused. */
  private async beginIn(
    manager: EntityManager,
    {
      projectId,
      userId,
      runId,
      prompt,
      wish,
    }: { projectId: string; userId: string; runId: string; prompt: string; wish: SwarmWish },
  ): Promise<void> {
    const project = await lockProject(manager, projectId);
    await this.assertIdle(project.runId, manager);
    const state = startState(await this.store.findIn(manager, projectId), wish);
    await manager.update(Project, { id: projectId }, { prompt, runId });
    await this.store.putIn(manager, projectId, state);
    await this.tellIn(manager, userId, projectId, runId, state);
  }

  /** A run that is repeated by its id goes on as `start` would. */
  private async replaceIn(manager: EntityManager, runId: string, retryId: string): Promise<void> {
    const project = await manager.findOneBy(Project, { runId });
    const state = project && (await this.store.findIn(manager, project.id));
    if (!state) return;
    await manager.update(Project, { id: project.id }, { runId: retryId });
    await this.store.putIn(manager, project.id, startState(state, {}));
  }

  private tellIn(manager: EntityManager, ownerId: string, projectId: string, runId: string, state: SwarmState) {
    return this.streams.changedIn(manager, { ownerId, projectId, runId, traceId: currentTraceId() }, state, state.plan);
  }

  private async assertIdle(runId: string | null, manager?: EntityManager): Promise<void> {
    const run = runId === null ? undefined : await this.runs.steeringOf(runId, manager);
    if (runId !== null && run && !isEnded(run.status)) throw new SwarmRunningError(runId);
  }

  /** @throws {ProviderNotConfiguredError} */
  private async assertUsable(
    ownerId: string,
    { id: projectId, providerId, model }: { id: string | null; providerId: string | null; model: string | null },
  ): Promise<void> {
    const node = { providerId: providerId ?? undefined, model: model ?? undefined };
    await this.models.assertUsable({ wishes: { node }, fallbacks: [] }, { ownerId, projectId });
  }
}

/** @throws {SwarmTaskNotFoundError} @throws {SwarmTaskNotFailedError} */
function startState(before: SwarmState | undefined, { prompt, taskId }: SwarmWish): SwarmState {
  if (taskId !== undefined) return retriedTask(before ?? NEW_STATE, taskId);
  return prompt === undefined && before && isUnfinished(before) ? continued(before) : NEW_STATE;
}

function retriedTask(before: SwarmState, taskId: string): SwarmState {
  const task = before.plan.find(({ id }) => id === taskId);
  if (!task) throw new SwarmTaskNotFoundError(taskId);
  if (task.status !== 'failed') throw new SwarmTaskNotFailedError(taskId);
  return retried(before, taskId);
}

function nameFrom(prompt: string): string {
  const [line = ''] = prompt.trim().split('\n');
  return Array.from(line).slice(0, NAME_CHARS).join('') || 'Untitled project';
}
