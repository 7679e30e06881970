import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { RunReader } from '../execution/run-reader.js';
import { Project } from '../projects/entities/project.entity.js';
import { Swarm } from './entities/swarm.entity.js';
import { swarmStatusOf, toldOf } from './swarm-status.js';
import { SwarmStreams } from './swarm-streams.js';

const LIMIT = 100;
/** Of swarms that have not come to an end, which are few. */
const UNTOLD = `SELECT s.project_id AS "projectId" FROM swarms s JOIN projects p ON p.id = s.project_id
  LEFT JOIN run_control c ON c.run_id = p.run_id
  WHERE s.told <> 'over' AND s.told <> CASE
    WHEN c.run_id IS NULL OR c.cancel_requested_at IS NOT NULL OR c.status IN ('failed', 'cancelled') THEN 'over'
    WHEN c.pause_requested OR c.status = 'paused' THEN 'paused' ELSE 'running' END
  LIMIT ${LIMIT}`;

/** Tells those who follow a project when its swarm was paused, resumed or ended from outside: by a budget, say. */
@Injectable()
export class SwarmStanding {
  constructor(
    private readonly database: DataSource,
    private readonly reader: RunReader,
    private readonly streams: SwarmStreams,
  ) {}

  async tellAll(): Promise<void> {
    const untold = await this.database.query<{ projectId: string }[]>(UNTOLD);
    for (const { projectId } of untold) await this.tell(projectId);
  }

  /** Once, whoever asks for it. */
  async tell(projectId: string): Promise<void> {
    await this.database.transaction((manager) => this.tellIn(manager, projectId));
  }

  private async tellIn(manager: EntityManager, projectId: string): Promise<void> {
    const lock = { mode: 'pessimistic_write' } as const;
    const swarm = await manager.findOne(Swarm, { where: { projectId }, lock });
    const runId = (await manager.findOneBy(Project, { id: projectId }))?.runId;
    if (!swarm || !runId) return;
    const status = swarmStatusOf(swarm.state.phase, await this.reader.steeringOf(runId, manager));
    const told = toldOf(status);
    if (told === swarm.told) return;
    await manager.update(Swarm, { projectId }, { told });
    const run = await this.reader.find(runId);
    if (!run) return;
    const { ownerId, traceId } = run;
    const state = { ...swarm.state, error: status === 'failed' ? run.error : swarm.state.error };
    await this.streams.changedIn(manager, { ownerId, projectId, runId, traceId }, state, [], status);
  }
}
