import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { hostFile } from '../workers/job-host.js';
import type { AnswerJob } from '../workers/job-lane.js';
import { JobPool } from '../workers/job-pool.js';
import { startThread } from '../workers/thread-host.js';
import type { Evaluation, EvaluationJob } from './evaluation.js';

const FILE = hostFile('sandbox', import.meta.url);
const MAX_THREADS = 2;
const MAX_QUEUED = 50;
/** After which a thread that does not heed its own limit is ended; it may have had to start first. */
const GRACE_MS = 3_000;
/** The memory of the virtual machine is bounded by itself and does not count here; what comes out of it is bounded too. */
const RESOURCES = { maxOldGenerationSizeMb: 64, maxYoungGenerationSizeMb: 16, stackSizeMb: 4 };

/** Programs that call tools wait most of the time: for others, so that they do not keep those from their work. */
const MAX_CALLING_THREADS = 4;

/** Evaluates programs that nobody trusts, on threads of their own, in virtual machines of their own. */
@Injectable()
export class Sandbox implements OnApplicationShutdown {
  private readonly pool = poolOf(MAX_THREADS);
  private readonly calling = poolOf(MAX_CALLING_THREADS);

  /** @throws {ToolFailure} when there is no thread, or the thread does not end by itself */
  evaluate(job: EvaluationJob, signal: AbortSignal): Promise<Evaluation> {
    return this.pool.run(job, { timeoutMs: job.timeoutMs + GRACE_MS, signal });
  }

  /** As {@link evaluate}, of a program that may call tools: `answer` is asked, with the JSON of `[name, arguments]`. */
  evaluateCalling(job: EvaluationJob, signal: AbortSignal, answer: AnswerJob): Promise<Evaluation> {
    return this.calling.run({ ...job, mayCallTools: true }, { timeoutMs: job.timeoutMs + GRACE_MS, signal, answer });
  }

  onApplicationShutdown(): void {
    this.pool.close();
    this.calling.close();
  }
}

function poolOf(maxHosts: number): JobPool<EvaluationJob, Evaluation> {
  return new JobPool({ start: () => startThread(FILE, RESOURCES), maxHosts, maxQueued: MAX_QUEUED });
}
