import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { ConversationMemory } from '../../memory/extraction/conversation-memory.js';
import type { FinishedTurn } from '../program/agent-ports.js';
import { AgentHistory } from '../sessions/agent-history.service.js';

/** Messages before the turn that help to understand it. */
const BEFORE = 4;
const MESSAGES_OF_TURN = 2;

/** Writes down what was said, and has it remembered where the agent is to. */
@Injectable()
export class AgentMemory {
  constructor(
    private readonly history: AgentHistory,
    private readonly memory: ConversationMemory,
  ) {}

  /** @param manager of the transaction that records the end of the turn */
  async saveTurn(manager: EntityManager, turn: FinishedTurn): Promise<void> {
    const last = await this.history.saveTurn(manager, turn);
    if (last !== undefined && turn.remember) await this.rememberIn(manager, turn, turn.remember, last);
  }

  private async rememberIn(
    manager: EntityManager,
    { sessionId, ownerId, runId }: FinishedTurn,
    { agent, agentId, projectId, traceId }: NonNullable<FinishedTurn['remember']>,
    last: number,
  ): Promise<void> {
    const first = last - MESSAGES_OF_TURN + 1;
    const rows = await this.history.lastIn(manager, sessionId, first - BEFORE, last);
    const said = rows.map(({ seq, role, content, createdAt }) => ({
      turn: seq,
      speaker: role === 'user' ? 'user' : agent.name,
      at: createdAt.toISOString(),
      content,
    }));
    const { provider_id, model, fallbacks } = agent;
    await this.memory.rememberIn(manager, {
      ownerId,
      projectId,
      traceId,
      origin: { run_id: runId, session_id: sessionId, agent_id: agentId },
      before: said.filter(({ turn }) => turn < first),
      turns: said.filter(({ turn }) => turn >= first),
      model: { provider_id, model, fallbacks },
    });
  }
}
