import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { AuthenticatedUser } from '../auth/authenticated-user.js';
import type { RunView } from '../execution/run-view.js';
import { RunReader } from '../execution/run-reader.js';
import { RunsService } from '../execution/runs.service.js';
import { AccessPolicy } from '../projects/access-policy.js';
import { Project } from '../projects/entities/project.entity.js';
import { NEW_STATE, type SwarmState } from './state/swarm-state.js';
import { SwarmNotFoundError } from './swarm.errors.js';
import { type SwarmStatus, swarmStatusOf } from './swarm-status.js';
import { SwarmStore } from './swarm-store.js';
import { SwarmStanding } from './swarm-standing.service.js';

/** A swarm as the members of its project see it. */
export interface SwarmView {
  readonly projectId: string;
  readonly runId: string;
  readonly status: SwarmStatus;
  readonly state: SwarmState;
  readonly error: SwarmState['error'];
}

type User = Pick<AuthenticatedUser, 'id'>;

/** Reads and steers swarms. What is done to one is done to its run. */
@Injectable()
export class SwarmsService {
  constructor(
    private readonly database: DataSource,
    private readonly policy: AccessPolicy,
    private readonly runs: RunsService,
    private readonly reader: RunReader,
    private readonly store: SwarmStore,
    private readonly standing: SwarmStanding,
  ) {}

  /** @throws {ProjectNotFoundError} @throws {SwarmNotFoundError} when none was started */
  async get({ id: userId }: User, projectId: string): Promise<SwarmView> {
    const [runId, state] = await this.find(userId, projectId);
    if (runId === null) throw new SwarmNotFoundError(projectId);
    const run = await this.reader.steeringOf(runId);
    const status = swarmStatusOf(state.phase, run);
    const error = state.error ?? (status === 'failed' ? ((await this.reader.find(runId))?.error ?? null) : null);
    return { projectId, runId, status, state, error };
  }

  /** Nothing yet, where no swarm was started. @throws {ProjectNotFoundError} */
  async stateOf({ id: userId }: User, projectId: string): Promise<SwarmState> {
    return (await this.find(userId, projectId))[1];
  }

  /** @throws {SwarmNotFoundError} @throws {RunEndedError} @throws {NotAllowedError} */
  pause(user: User, projectId: string): Promise<RunView> {
    return this.steer(user, projectId, (runId) => this.runs.pause(user.id, runId));
  }

  /** @throws {SwarmNotFoundError} @throws {RunEndedError} @throws {NotAllowedError} */
  resume(user: User, projectId: string): Promise<RunView> {
    return this.steer(user, projectId, (runId) => this.runs.resume(user.id, runId));
  }

  /** @throws {SwarmNotFoundError} @throws {RunEndedError} @throws {NotAllowedError} */
  stop(user: User, projectId: string): Promise<RunView> {
    const reason = 'The swarm was stopped';
    const cancel = async (runId: string) => (await this.runs.cancel(user.id, runId, reason)).run;
    return this.steer(user, projectId, cancel);
  }

  private async steer(
    { id: userId }: User,
    projectId: string,
    work: (runId: string) => Promise<RunView>,
  ): Promise<RunView> {
    await this.policy.assertMayIn(userId, 'run', projectId);
    const [runId] = await this.find(userId, projectId);
    if (runId === null) throw new SwarmNotFoundError(projectId);
    const run = await work(runId);
    await this.standing.tell(projectId);
    return run;
  }

  private async find(userId: string, projectId: string): Promise<readonly [string | null, SwarmState]> {
    await this.policy.assertMayIn(userId, 'read', projectId);
    const { manager } = this.database;
    const project = await manager.findOneBy(Project, { id: projectId });
    return [project?.runId ?? null, (await this.store.findIn(manager, projectId)) ?? NEW_STATE];
  }
}
