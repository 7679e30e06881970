import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { StepFailure } from '../../engine/index.js';
import { Swarm } from './entities/swarm.entity.js';
import type { StateChange, SwarmScope } from './program/swarm-ports.js';
import type { SwarmState } from './state/swarm-state.js';
import { toldOf } from './swarm-status.js';
import { SwarmStreams } from './swarm-streams.js';

const PUT = `INSERT INTO swarms (project_id, state) VALUES ($1, $2::json)
  ON CONFLICT (project_id) DO UPDATE SET state = excluded.state, told = 'running', updated_at = now()`;
/** Only the project's own run: whoever was started after it has taken its place. */
const SAVE = `WITH saved AS (
  UPDATE swarms s SET state = $3::json, told = $4, updated_at = now() FROM projects p
  WHERE s.project_id = $1 AND p.id = s.project_id AND p.run_id = $2 RETURNING 1
) SELECT count(*)::integer AS count FROM saved`;

/** Keeps the states of swarms, one of each project. */
@Injectable()
export class SwarmStore {
  constructor(private readonly streams: SwarmStreams) {}

  async findIn(manager: EntityManager, projectId: string): Promise<SwarmState | undefined> {
    return (await manager.findOneBy(Swarm, { projectId }))?.state;
  }

  /** As a run is to find it. */
  async putIn(manager: EntityManager, projectId: string, state: SwarmState): Promise<void> {
    await manager.query(PUT, [projectId, JSON.stringify(state)]);
  }

  /** @throws {StepFailure} */
  async saveIn(manager: EntityManager, { before, after }: StateChange, scope: SwarmScope): Promise<void> {
    const projectId = projectOf(scope);
    const values = [projectId, scope.runId, JSON.stringify(after), toldOf(after.phase)];
    const [saved] = await manager.query<{ count: number }[]>(SAVE, values);
    if (!saved?.count) throw superseded();
    const changed = after.plan.filter((task) => !before.plan.includes(task));
    await this.streams.changedIn(manager, { ...scope, projectId }, after, changed);
  }
}

/** @throws {StepFailure} when there is none */
export function projectOf({ projectId }: Pick<SwarmScope, 'projectId'>): string {
  if (projectId !== null) return projectId;
  throw superseded();
}

export function superseded(): StepFailure {
  const message = 'The project is gone, or another run of its swarm has taken the place of this one';
  return new StepFailure({ code: 'SWARM_SUPERSEDED', message });
}
