import { ToolFailure } from '../tool.js';
import type { JobHost } from './job-host.js';
import type { JobAnswer, JobQuestion } from './job-protocol.js';

/** Answers what a job asks while it is done. Never rejects. */
export type AnswerJob = (question: string) => Promise<string>;

interface CurrentJob<Result> {
  readonly id: number;
  readonly done: PromiseWithResolvers<Result>;
  /** Absent: what it asks is never answered. */
  readonly answer: AnswerJob | undefined;
}

/** One host, which does one job at a time. */
export class JobLane<Job, Result> {
  private current: CurrentJob<Result> | undefined;
  private count = 0;
  private hasEnded = false;

  constructor(private readonly host: JobHost) {
    host.onMessage((message) => this.hear(message as JobAnswer<Result> | JobQuestion)); // as serveJobs writes them
    host.onEnd((reason) => this.end(reason));
  }

  get isAlive(): boolean {
    return !this.hasEnded;
  }

  /** Ends with the job, or with the signal, which costs the host its life. */
  async run(job: Job, signal: AbortSignal, answer?: AnswerJob): Promise<Result> {
    signal.throwIfAborted();
    const id = (this.count += 1);
    const done = Promise.withResolvers<Result>();
    this.current = { id, done, answer };
    const kill = () => this.kill(signal.reason);
    signal.addEventListener('abort', kill, { once: true });
    try {
      this.host.post({ id, job });
      return await done.promise;
    } finally {
      signal.removeEventListener('abort', kill);
      this.current = undefined;
    }
  }

  kill(reason: unknown): void {
    this.end(reason);
    this.host.kill();
  }

  private hear(message: JobAnswer<Result> | JobQuestion): void {
    if (message.id !== this.current?.id) return;
    if ('question' in message) void this.reply(message);
    else if ('result' in message) this.current.done.resolve(message.result);
    else this.current.done.reject(new ToolFailure(message.failure.code, message.failure.message));
  }

  /** A job that has ended meanwhile is told nothing. */
  private async reply({ id, number, question }: JobQuestion): Promise<void> {
    const reply = await this.current?.answer?.(question);
    if (reply !== undefined && this.current?.id === id) this.host.post({ id, number, reply });
  }

  private end(reason: unknown): void {
    this.hasEnded = true;
    this.current?.done.reject(reason);
  }
}
