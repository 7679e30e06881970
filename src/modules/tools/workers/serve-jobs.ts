import { parentPort, Worker } from 'node:worker_threads';
import type { JobAnswer, JobMessage, JobQuestion, JobReply } from './job-protocol.ts';

/** A failure that the caller of the job is told. */
export class JobFailure extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** Asks the server. Never fails: a reply is a text, whatever it says. */
export type Ask = (question: string) => Promise<string>;
type Work<Job, Result> = (job: Job, ask: Ask) => Result | Promise<Result>;
type Post<Result> = (message: JobAnswer<Result> | JobQuestion) => void;

/** Ends a process whose server is gone, also in the middle of work without end. */
const WATCH = `setInterval(() => process.ppid === PARENT || process.kill(process.pid, 'SIGKILL'), 1_000)`;

/**
 * The whole of a thread or process: does jobs as they come. Files of hosts run from their TypeScript sources in tests:
 * they import by `.ts`, only what Node itself can strip of its types.
 */
export function serveJobs<Job, Result>(work: Work<Job, Result>): void {
  if (parentPort) {
    const port = parentPort;
    port.on(
      'message',
      listener(work, (message) => port.postMessage(message)),
    );
    return;
  }
  process.on(
    'message',
    listener(work, (message) => void process.send?.(message)),
  );
  process.on('disconnect', () => process.exit());
  new Worker(WATCH.replace('PARENT', String(process.ppid)), { eval: true }).unref();
}

function listener<Job, Result>(work: Work<Job, Result>, post: Post<Result>): (message: unknown) => void {
  const waiting = new Map<string, (reply: string) => void>();
  return (message) => {
    const told = message as JobMessage<Job> | JobReply; // as JobLane writes them
    if (!('job' in told)) return settle(told, waiting);
    waiting.clear(); // what the job before it was never told
    void answerTo(told, work, askFor(told.id, waiting, post)).then(post);
  };
}

function askFor<Result>(id: number, waiting: Map<string, (reply: string) => void>, post: Post<Result>): Ask {
  let number = 0;
  return (question) =>
    new Promise((resolve) => {
      number += 1;
      waiting.set(`${id} ${number}`, resolve);
      post({ id, number, question });
    });
}

function settle({ id, number, reply }: JobReply, waiting: Map<string, (reply: string) => void>): void {
  const key = `${id} ${number}`;
  waiting.get(key)?.(reply);
  waiting.delete(key);
}

async function answerTo<Job, Result>(
  { id, job }: JobMessage<Job>,
  work: Work<Job, Result>,
  ask: Ask,
): Promise<JobAnswer<Result>> {
  try {
    return { id, result: await work(job, ask) };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { id, failure: { code: error instanceof JobFailure ? error.code : 'TOOL_FAULT', message } };
  }
}
