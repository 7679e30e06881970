import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { ProjectRemovals } from '../projects/project-removals.js';
import { RunEndedError } from './execution.errors.js';
import { ExecutionService } from './execution.service.js';
import { RunReader } from './run-reader.js';

/** A project that is removed stops what is under way in it. */
@Injectable()
export class ProjectRuns implements OnModuleInit {
  private readonly logger = new Logger(ProjectRuns.name);

  constructor(
    private readonly removals: ProjectRemovals,
    private readonly runs: RunReader,
    private readonly execution: ExecutionService,
  ) {}

  onModuleInit(): void {
    this.removals.register((projectId) => this.cancelAll(projectId));
  }

  private async cancelAll(projectId: string): Promise<void> {
    for (const runId of await this.runs.activeIn(projectId)) {
      try {
        await this.execution.cancel(runId, 'The project was deleted');
      } catch (error) {
        // It may have ended by itself meanwhile.
        if (!(error instanceof RunEndedError)) this.logger.error(error, `Run ${runId} was not cancelled`);
      }
    }
  }
}
