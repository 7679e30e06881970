import { Injectable } from '@nestjs/common';
import type { EmbeddingAnswer } from '../providers/embedding/embedding.js';
import { EmbeddingCallsService } from '../providers/embedding/embedding-calls.service.js';
import { CallMetering } from './call-metering.js';
import { EMBEDDING_CALLS } from './embedding-calls.js';
import type { MeteredStep, UsageScope } from './usage-scope.js';

/** Makes vectors of texts, on somebody's account and within somebody's budgets. */
@Injectable()
export class MeteredEmbeddingCalls {
  constructor(
    private readonly calls: EmbeddingCallsService,
    private readonly metering: CallMetering,
  ) {}

  /**
   * As `EmbeddingCallsService.embed`.
   *
   * @throws {StepHeld} a budget is spent: leave it to the step, whose run pauses
   */
  embed(texts: readonly string[], scope: UsageScope, step: MeteredStep): Promise<EmbeddingAnswer> {
    return this.calls.embed(texts, step, this.metering.around(EMBEDDING_CALLS, scope, step));
  }
}
