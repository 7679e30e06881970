import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { StreamHub } from '../../streams/stream-hub.js';
import { streamName } from '../../streams/stream-name.js';
import type { HistoryRange } from '../program/agent-ports.js';
import type { AgentRoom, AgentRunInput } from '../program/agent-run.js';
import type { EarlierTurns } from '../prompt/conversation.js';

/** What was said where agents speak with others. Provided by the module that keeps it. */
export interface RoomHistory {
  /** Null when nothing was said yet. */
  rangeOf(room: AgentRoom, budgetTokens: number): Promise<HistoryRange | null>;
  /** What the member heard after `after` up to `to`, and the summary of what was up to `after`. */
  read(room: AgentRoom, after: number, to: number): Promise<EarlierTurns>;
  /** What others said last, the newest first: what the member is to speak about. */
  lastHeard(room: AgentRoom): Promise<readonly string[]>;
  /** Whether others than its owner are in the room that the run, or one above it, works for. */
  isHeardByOthers(runId: string): Promise<boolean>;
  saveSummary(manager: EntityManager, room: AgentRoom, summary: { text: string; to: number }): Promise<void>;
  /** No summary could be made: the next turns do without, instead of waiting for it in vain. */
  putOffFolding(room: AgentRoom): Promise<void>;
}

/** Of streams whose numbers are remembered; one takes some hundred bytes. */
const MAX_STREAMS = 10_000;

type ShownInput = Pick<AgentRunInput, 'room' | 'shown_in'>;

/** Where the module that keeps rooms makes them known to the agents that speak there. */
@Injectable()
export class AgentRooms implements RoomHistory {
  private history: RoomHistory | undefined;
  /** By name. A stream keeps its number. */
  private readonly streamIds = new Map<string, number>();

  constructor(private readonly hub: StreamHub) {}

  register(history: RoomHistory): void {
    if (this.history) throw new Error('The history of rooms is registered already');
    this.history = history;
  }

  rangeOf(room: AgentRoom, budgetTokens: number): Promise<HistoryRange | null> {
    return this.registered.rangeOf(room, budgetTokens);
  }

  read(room: AgentRoom, after: number, to: number): Promise<EarlierTurns> {
    return this.registered.read(room, after, to);
  }

  lastHeard(room: AgentRoom): Promise<readonly string[]> {
    return this.registered.lastHeard(room);
  }

  isHeardByOthers(runId: string): Promise<boolean> {
    return this.registered.isHeardByOthers(runId);
  }

  saveSummary(manager: EntityManager, room: AgentRoom, summary: { text: string; to: number }): Promise<void> {
    return this.registered.saveSummary(manager, room, summary);
  }

  putOffFolding(room: AgentRoom): Promise<void> {
    return this.registered.putOffFolding(room);
  }

  /** What the run writes is seen by those who follow the place where it works, if there is one. */
  async showText({ room, shown_in: place }: ShownInput, runId: string): Promise<void> {
    const stream = room?.stream ?? place?.stream;
    const streamId = stream === undefined ? undefined : await this.streamIdOf(stream);
    if (stream === undefined || streamId === undefined) return;
    const marks = room ? { turn_id: room.turn_id, alias: room.alias } : (place?.marks ?? {});
    this.hub.relayText(streamName('run', runId), { stream, streamId, marks });
  }

  private async streamIdOf(stream: string): Promise<number | undefined> {
    const streamId = this.streamIds.get(stream) ?? (await this.hub.source.open(stream))?.streamId;
    if (streamId === undefined) return undefined;
    if (this.streamIds.size >= MAX_STREAMS) this.streamIds.clear();
    this.streamIds.set(stream, streamId);
    return streamId;
  }

  private get registered(): RoomHistory {
    if (!this.history) throw new Error('No history of rooms is registered');
    return this.history;
  }
}
