import { ToolFailure } from '../tool.js';
import type { JobHost } from './job-host.js';
import { type AnswerJob, JobLane } from './job-lane.js';
import { JobSlots } from './job-slots.js';

export interface JobPoolOptions {
  readonly start: () => JobHost;
  readonly maxHosts: number;
  /** Jobs that wait for a host; more are refused. */
  readonly maxQueued: number;
}

export interface JobOptions {
  /** From the moment at which a host takes the job. Afterwards the host is ended. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** Of what the job asks while it is done. */
  readonly answer?: AnswerJob | undefined;
}

/** Does work that must not hold up the server, or that must not be trusted, on a few threads or processes made when needed. */
export class JobPool<Job, Result> {
  private readonly idle: JobLane<Job, Result>[] = [];
  private readonly busy = new Set<JobLane<Job, Result>>();
  private readonly slots: JobSlots;

  constructor(private readonly options: JobPoolOptions) {
    this.slots = new JobSlots(options.maxHosts, options.maxQueued);
  }

  /** @throws {ToolFailure} TOOL_BUSY, TOOL_TIMED_OUT, TOOL_CRASHED, MEMORY_LIMIT, or what the job fails with */
  async run(job: Job, options: JobOptions): Promise<Result> {
    await this.slots.take(options.signal);
    const lane = this.takeLane();
    try {
      return await runOn(lane, job, options);
    } finally {
      this.busy.delete(lane);
      if (lane.isAlive) this.idle.push(lane);
      this.slots.giveBack();
    }
  }

  close(): void {
    const reason = new ToolFailure('TOOL_CRASHED', 'The server is shutting down');
    for (const lane of [...this.busy, ...this.idle.splice(0)]) lane.kill(reason);
  }

  /** One that has not died while nobody needed it. */
  private takeIdle(): JobLane<Job, Result> | undefined {
    const alive = this.idle.findLastIndex(({ isAlive }) => isAlive);
    return alive < 0 ? undefined : this.idle.splice(alive)[0];
  }

  private takeLane(): JobLane<Job, Result> {
    const lane = this.takeIdle() ?? new JobLane<Job, Result>(this.options.start());
    this.busy.add(lane);
    return lane;
  }
}

async function runOn<Job, Result>(
  lane: JobLane<Job, Result>,
  job: Job,
  { timeoutMs, signal, answer }: JobOptions,
): Promise<Result> {
  const timeUp = new AbortController();
  const timer = setTimeout(() => timeUp.abort(timedOut(timeoutMs)), timeoutMs);
  try {
    return await lane.run(job, AbortSignal.any([signal, timeUp.signal]), answer);
  } finally {
    clearTimeout(timer);
  }
}

function timedOut(timeoutMs: number): ToolFailure {
  return new ToolFailure('TOOL_TIMED_OUT', `The work took more than ${timeoutMs} ms`);
}
