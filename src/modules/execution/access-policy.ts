import { Injectable } from '@nestjs/common';

/** What a decision about a run is made from. */
export interface RunScope {
  readonly ownerId: string;
  readonly projectId: string | null;
}

/** Who may read a run, and who may steer it: its owner. */
@Injectable()
export class AccessPolicy {
  mayRead(userId: string, run: RunScope): boolean {
    return run.ownerId === userId;
  }

  maySteer(userId: string, run: RunScope): boolean {
    return run.ownerId === userId;
  }
}
