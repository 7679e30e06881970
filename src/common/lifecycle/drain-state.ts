import { Injectable, type OnModuleDestroy } from '@nestjs/common';

/** Whether this process is on its way out. `begin()` is called by the signal handler, at the latest by `app.close()`. */
@Injectable()
export class DrainState implements OnModuleDestroy {
  private draining = false;

  get isDraining(): boolean {
    return this.draining;
  }

  begin(): void {
    this.draining = true;
  }

  onModuleDestroy(): void {
    this.begin();
  }
}
