import { Injectable } from '@nestjs/common';
import { MemoryRecall } from '../../memory/recall/memory-recall.service.js';
import type { RecalledItem } from '../../memory/recall/recalled-item.js';
import type { AgentScope, HistoryRange } from '../program/agent-ports.js';
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

  async recall(input: AgentRunInput, history: HistoryRange | null, scope: AgentScope): Promise<RecalledItem[]> {
    const { ownerId, projectId } = scope;
    const of = { ownerId, projectId, agentId: input.agent_id ?? null, sessionId: input.session_id ?? null };
    const found = await this.memory.recall(of, await this.questionOf(input, history), MAX_ITEMS);
    const { total } = await this.prompts.budgetOf(input.agent, scope);
    return withinShare(found, recallBudget(total));
  }

  /** In a room, whose last words stand for the instruction, it is these. */
  private async questionOf({ instruction, room }: AgentRunInput, history: HistoryRange | null): Promise<string> {
    if (!room || instruction !== '' || history === null) return instruction;
    const { messages } = await this.rooms.read(room, history.last - 1, history.last);
    return messages.map(({ content }) => content).join('\n');
  }
}
