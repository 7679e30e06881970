import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { ExecutionService } from '../../execution/execution.service.js';
import { SYSTEM_KIND } from '../../execution/system/system-job.js';
import type { Owned } from '../../projects/access-policy.js';
import { type Namespace, namespaceText } from '../namespace.js';
import { EXTRACT_JOB, type ExtractInput } from './extract-job.js';

export interface HeardConversation extends Owned, Pick<ExtractInput, 'origin' | 'before' | 'turns' | 'model'> {
  readonly traceId: string;
}

/** Has conversations remembered, by runs of their own. */
@Injectable()
export class ConversationMemory {
  constructor(private readonly execution: ExecutionService) {}

  /**
   * One after another in each namespace, so that each knows what the one before has kept.
   *
   * @param manager of the transaction in which the conversation is written: the last thing it does
   */
  async rememberIn(manager: EntityManager, heard: HeardConversation): Promise<void> {
    const { ownerId, projectId, traceId, ...said } = heard;
    const namespace: Namespace =
      projectId === null ? { scope: 'user', id: ownerId } : { scope: 'project', id: projectId };
    const input: ExtractInput = { job: EXTRACT_JOB, namespace, ...said };
    const concurrency = { key: `memory:${namespaceText(namespace)}`, limit: 1 };
    await this.execution.start({ kind: SYSTEM_KIND, input, ownerId, projectId, traceId, concurrency }, manager);
  }
}
