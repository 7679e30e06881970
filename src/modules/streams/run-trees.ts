import { Injectable } from '@nestjs/common';

/** What is known of a run's relatives. Provided by the module that keeps the runs. */
export interface RunTreeReader {
  /** Undefined when there is no such run. */
  rootOf(runId: string): Promise<string | undefined>;
  /** Ids of all runs that descend from it, itself left out. */
  descendantsOf(runId: string): Promise<readonly string[]>;
}

/** Where the module that keeps the runs makes their trees known to those that read streams. */
@Injectable()
export class RunTrees implements RunTreeReader {
  private reader: RunTreeReader | undefined;

  register(reader: RunTreeReader): void {
    if (this.reader) throw new Error('The reader of run trees is registered already');
    this.reader = reader;
  }

  rootOf(runId: string): Promise<string | undefined> {
    return this.registered.rootOf(runId);
  }

  descendantsOf(runId: string): Promise<readonly string[]> {
    return this.registered.descendantsOf(runId);
  }

  private get registered(): RunTreeReader {
    if (!this.reader) throw new Error('No reader of run trees is registered');
    return this.reader;
  }
}
