import { TroupeError, type TroupeEvent, type TroupeEvents } from '../../clients/typescript/src/index.js';
import { DemoError } from './demo.errors.js';
import type { NodeProgress, RunEnd, RunProgress } from './run-progress.js';

export interface FollowerListener {
  /** Something about the run changed; `node` when it was about one. */
  changed(event: TroupeEvent, node: NodeProgress | undefined): void;
  /** The server went away, or is there again. */
  connection(isUp: boolean): void;
}

/** Follows a run to its end, through lost connections and restarts of the server. */
export class RunFollower {
  constructor(
    private readonly stream: string,
    private readonly progress: RunProgress,
    private readonly listener: FollowerListener,
  ) {}

  async follow(events: TroupeEvents): Promise<RunEnd> {
    try {
      await events.connect();
      const stop = events.onState((state) => this.listener.connection(state === 'connected'));
      for await (const event of events.follow(this.stream)) {
        this.listener.changed(event, this.progress.apply(event, performance.now()));
      }
      stop();
    } catch (error) {
      if (!(error instanceof TroupeError)) throw error;
      throw new DemoError(`The run cannot be followed: ${error.code} ${error.message}`, { cause: error });
    } finally {
      events.close();
    }
    if (!this.progress.end) throw new DemoError('The run ended without saying how.');
    return this.progress.end;
  }
}
