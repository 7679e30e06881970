import { Injectable } from '@nestjs/common';
import { MemoryRecall } from '../../memory/recall/memory-recall.service.js';
import type { RecallScope } from '../../memory/recall/recall-scope.js';
import type { RecalledItem } from '../../memory/recall/recalled-item.js';
import type { AgentScope } from '../program/agent-ports.js';
import type { AgentRunInput } from '../program/agent-run.js';
import { AgentPrompts } from '../prompt/agent-prompts.service.js';
import { AgentRooms } from '../rooms/agent-rooms.js';
import { recallBudget, withinShare } from './recalled-share.js';

const MAX_ITEMS = 8;

/** What an agent is reminded of before it begins. */
@Injectable()
export class AgentRecall {
  constructor(
    private readonly memory: MemoryRecall,
    private readonly prompts: AgentPrompts,
    private readonly rooms: AgentRooms,
  ) {}

  async recall(input: AgentRunInput, scope: AgentScope): Promise<RecalledItem[]> {
    const found = await this.memory.recall(await this.scopeOf(input, scope), await this.questionOf(input), MAX_ITEMS);
    const { total } = await this.prompts.budgetOf(input.agent, scope);
    return withinShare(found, recallBudget(total));
  }

  private async scopeOf(input: AgentRunInput, { ownerId, projectId, runId }: AgentScope): Promise<RecallScope> {
    const isHeardByOthers = await this.rooms.isHeardByOthers(runId);
    return { ownerId, projectId, agentId: input.agent_id, sessionId: input.session_id, isHeardByOthers };
  }

  /** In a room, whose last words stand for the instruction, it is these. */
  private async questionOf({ instruction, room }: AgentRunInput): Promise<string> {
    if (!room || instruction !== '') return instruction;
    // What is too long for a question is cut at the end: what was said before.
    return (await this.rooms.lastHeard(room)).join('\n');
  }
}
