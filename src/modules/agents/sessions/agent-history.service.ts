import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Between, type EntityManager, Repository } from 'typeorm';
import { AccessPolicy, memberOf } from '../../projects/access-policy.js';
import { estimateTokens } from '../prompt/context-window.js';
import type { EarlierMessage, EarlierTurns } from '../prompt/conversation.js';
import type { FinishedTurn, HistoryRange } from '../program/agent-ports.js';
import { AgentSession } from './entities/agent-session.entity.js';
import { AgentSessionMessage } from './entities/agent-session-message.entity.js';
import { historyRange } from './history-range.js';

const TITLE_LENGTH = 80;
/** Takes two places at the end; the row lock makes two runs of one conversation take turns. */
const TAKE_PLACES = `UPDATE agent_sessions SET last_seq = last_seq + 2, updated_at = now(),
    title = CASE WHEN title = '' THEN $2 ELSE title END
  WHERE id = $1 AND ((project_id IS NULL AND owner_id = $3) OR ${memberOf('agent_sessions.project_id', '$3')})
  RETURNING last_seq AS "lastSeq"`;
const SUMMARIZE = `UPDATE agent_sessions SET summary = $2, summarized_to = $3 WHERE id = $1 AND summarized_to < $3`;
const ADD = `INSERT INTO agent_session_messages (session_id, seq, run_id, role, content)
  VALUES ($1, $2 - 1, $3, 'user', $4), ($1, $2, $3, 'assistant', $5)`;

/** What was said in conversations: read for the prompt, and written once at the end of a run. */
@Injectable()
export class AgentHistory {
  constructor(
    @InjectRepository(AgentSession) private readonly sessions: Repository<AgentSession>,
    @InjectRepository(AgentSessionMessage) private readonly messages: Repository<AgentSessionMessage>,
    private readonly policy: AccessPolicy,
  ) {}

  /**
   * Null when nothing was said yet, or the conversation is not there for whose run it is: it is gone, or the run repeats
   * one of somebody else's.
   */
  async rangeOf(sessionId: string, ownerId: string, budgetTokens: number): Promise<HistoryRange | null> {
    const readable = this.policy.narrow(this.sessions.createQueryBuilder('session'), ownerId);
    const session = await readable.andWhere('session.id = :sessionId', { sessionId }).getOne();
    if (!session) return null;
    const rows = await this.rows(sessionId, session.summarizedTo, session.lastSeq);
    const sized = rows.map(({ seq, role, content }) => ({ seq, role, tokens: estimateTokens(content) }));
    const summary = session.summary === null ? undefined : { text: session.summary, to: session.summarizedTo };
    return historyRange(summary, sized, budgetTokens);
  }

  /** The messages after `after` up to `to`, and the summary of those up to `after`. */
  async read(sessionId: string, after: number, to: number): Promise<EarlierTurns> {
    const session = await this.sessions.findOneBy({ id: sessionId });
    const rows = await this.rows(sessionId, after, to);
    const summary = session?.summarizedTo === after ? (session.summary ?? undefined) : undefined;
    return { summary, messages: rows.map(({ role, content }): EarlierMessage => ({ role, content })) };
  }

  /**
   * Answers the number of the last message; undefined when there is no such conversation any more.
   *
   * @param manager of the transaction that records the end of the turn
   */
  async saveTurn(manager: EntityManager, turn: FinishedTurn): Promise<number | undefined> {
    const { sessionId, ownerId, runId, instruction, output, summary } = turn;
    const title = instruction.replaceAll(/\s+/g, ' ').slice(0, TITLE_LENGTH).toWellFormed();
    const values = [sessionId, title, ownerId];
    const [[session]] = await manager.query<[Array<{ lastSeq: number }>, number]>(TAKE_PLACES, values);
    // Somebody has deleted the conversation meanwhile, or it is another's.
    if (!session) return undefined;
    await manager.query(ADD, [sessionId, session.lastSeq, runId, instruction, output]);
    if (summary) await manager.query(SUMMARIZE, [sessionId, summary.text, summary.to]);
    return session.lastSeq;
  }

  /** In order; as the transaction sees them. */
  lastIn(manager: EntityManager, sessionId: string, from: number, to: number): Promise<AgentSessionMessage[]> {
    const where = { sessionId, seq: Between(from, to) };
    return manager.find(AgentSessionMessage, { where, order: { seq: 'ASC' } });
  }

  private rows(sessionId: string, after: number, to: number): Promise<AgentSessionMessage[]> {
    const query = this.messages.createQueryBuilder('m').where('m.sessionId = :sessionId', { sessionId });
    return query.andWhere('m.seq > :after AND m.seq <= :to', { after, to }).orderBy('m.seq').getMany();
  }
}
