import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { ConversationTurns } from '../../memory/extraction/conversation-turns.js';
import { NamespaceOwners } from '../../memory/namespace-owners.js';
import { Agent } from '../entities/agent.entity.js';
import { AgentSessionMessage } from '../sessions/entities/agent-session-message.entity.js';
import { AgentSession } from '../sessions/entities/agent-session.entity.js';

/** The last that are taken into memory when a conversation is to be summarised. */
const MAX_TURNS = 400;

/** Whose the memory of an agent or a conversation is: whose the agent or the conversation is. */
@Injectable()
export class AgentNamespaces implements OnModuleInit {
  constructor(
    private readonly owners: NamespaceOwners,
    private readonly turns: ConversationTurns,
    private readonly database: DataSource,
  ) {}

  onModuleInit(): void {
    const { manager } = this.database;
    const select = { ownerId: true, projectId: true } as const;
    this.owners.register('agent', async (id) => (await manager.findOne(Agent, { select, where: { id } })) ?? undefined);
    this.owners.register(
      'session',
      async (id) => (await manager.findOne(AgentSession, { select, where: { id } })) ?? undefined,
    );
    this.turns.register((sessionId) => this.turnsOf(sessionId));
  }

  private async turnsOf(sessionId: string) {
    const wish = { where: { sessionId }, order: { seq: 'DESC' }, take: MAX_TURNS } as const;
    const messages = await this.database.manager.find(AgentSessionMessage, wish);
    return messages.toReversed().map(({ seq, role, content, createdAt }) => {
      return { turn: seq, speaker: role, at: createdAt.toISOString(), content };
    });
  }
}
