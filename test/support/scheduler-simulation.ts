import { Injectable, Module } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { DatabaseClock } from '../../src/common/time/database-clock.js';
import { RunDrafts } from '../../src/modules/scheduler/firing/run-drafts.service.js';
import { SchedulerMetrics } from '../../src/modules/scheduler/firing/scheduler-metrics.js';
import { TaskFiring } from '../../src/modules/scheduler/firing/task-firing.service.js';
import { type TargetKind, TaskTargets } from '../../src/modules/scheduler/targets/task-target.js';
import { TaskStreams } from '../../src/modules/scheduler/task-streams.js';
import { ExecutionService } from '../../src/modules/execution/execution.service.js';
import type { TestApp } from './test-app.js';
import { EchoProgram } from './test-programs.js';

/** Starts runs that nobody executes. */
@Injectable()
@TaskTargets('test.echo')
class EchoTarget implements TargetKind {
  async check(): Promise<void> {}

  async prepare() {
    return { kind: 'test.echo', input: {} };
  }
}

@Module({ providers: [EchoProgram, EchoTarget] })
export class EchoTargets {}

/** Time as the test has it. */
export class SimulatedClock implements DatabaseClock {
  nowMs = 0;

  async now(): Promise<Date> {
    return new Date(this.nowMs);
  }
}

class Killed extends Error {}

/** Whoever uses it is killed now and then in a transaction: before the commit, or after it. */
export function mortalDatabase(dataSource: DataSource, random: () => number, killShare: number): DataSource {
  const transaction = async <T>(work: (manager: EntityManager) => Promise<T>): Promise<T> => {
    const isKilledBefore = random() < killShare;
    const made = await dataSource.transaction(async (manager) => {
      const result = await work(manager);
      if (isKilledBefore) throw new Killed();
      return result;
    });
    if (random() < killShare) throw new Killed();
    return made;
  };
  return Object.assign(Object.create(dataSource) as DataSource, { transaction });
}

/** A scheduler that is killed now and then: before the commit, or after it, when nobody hears of it any more. */
export class MortalScheduler {
  private readonly firing: TaskFiring;

  constructor({ app }: TestApp, clock: DatabaseClock, random: () => number, killShare: number) {
    const mortal = mortalDatabase(app.get(DataSource), random, killShare);
    const find = { strict: false };
    this.firing = new TaskFiring(
      mortal,
      clock,
      app.get(RunDrafts, find),
      app.get(ExecutionService, find),
      app.get(TaskStreams, find),
      app.get(SchedulerMetrics, find),
    );
  }

  /** @returns whether there may be more */
  async tick(): Promise<boolean> {
    try {
      return (await this.firing.fireDue()).mayBeMore;
    } catch (error) {
      if (error instanceof Killed) return true;
      throw error;
    }
  }
}
