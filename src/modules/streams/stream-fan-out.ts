import { Injectable, Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { LiveTextReader } from './live-text-reader.js';
import { LiveTextTable } from './live-text-table.js';
import { LiveTextWriter } from './live-text-writer.js';
import type { NoticeItem } from './notice-codec.js';
import { type StreamChunk, endsStream, type StreamEvent } from './stream-event.js';
import { StreamHub } from './stream-hub.js';
import { type NoticeReceiver, StreamNotices } from './stream-notices.js';
import type { HubPeers, StepInProgress } from './stream-subscriber.js';

/** Ties the hub of this process to those of the others: events by notices and the journal, text by `live_text`. */
@Injectable()
export class StreamFanOut implements HubPeers, NoticeReceiver, OnModuleInit, OnApplicationShutdown {
  private readonly logger = new Logger(StreamFanOut.name);
  private readonly writer: LiveTextWriter;
  private readonly reader: LiveTextReader;

  constructor(
    private readonly hub: StreamHub,
    private readonly notices: StreamNotices,
    private readonly table: LiveTextTable,
  ) {
    const fault = (message: string, error: unknown) => this.logger.warn({ err: error }, message);
    this.reader = new LiveTextReader(table, hub, fault);
    this.writer = new LiveTextWriter(table, {
      textOf: (stream, step) => hub.text.find(stream, step),
      written: (streamIds) => notices.textChanged(streamIds),
      fault,
    });
  }

  async onModuleInit(): Promise<void> {
    this.hub.onInterest(({ streamId, stream }, isSubscribed) => this.interest(streamId, stream, isSubscribed));
    await this.notices.start(this);
    this.hub.connect(this);
    await this.table.prune();
  }

  async onApplicationShutdown(): Promise<void> {
    this.writer.stop();
    await this.notices.stop();
  }

  published(events: readonly StreamEvent[]): void {
    this.notices.announce(events);
    if (!this.notices.hasPeer('api')) return;
    for (const event of events) if (endsStream(event)) this.writer.streamEnded(event.streamId);
  }

  chunk(chunk: StreamChunk): void {
    if (this.notices.hasPeer('api')) this.writer.changed(chunk);
  }

  stepEnded(step: StepInProgress): void {
    this.notices.stepEnded(step.streamId, step.step, step.attempt);
    this.writer.stepEnded(step);
  }

  notice(item: Extract<NoticeItem, { kind: 'events' | 'step_ended' | 'text' }>): void {
    switch (item.kind) {
      case 'events':
        return this.hub.hear(item.announcement);
      case 'step_ended':
        return this.hub.hearStepEnded(item);
      case 'text':
        return this.reader.read([item.streamId]);
    }
  }

  poll(): void {
    this.hub.poll();
    this.reader.readAll();
  }

  peersChanged(): void {
    if (this.notices.hasPeer('worker'))
      for (const { streamId, stream } of this.hub.subscribedStreams()) this.reader.watch(streamId, stream);
    if (this.notices.hasPeer('api')) for (const chunk of this.hub.text.all()) this.writer.changed(chunk);
  }

  private interest(streamId: number, stream: string, isSubscribed: boolean): void {
    if (!isSubscribed) this.reader.unwatch(streamId);
    else if (this.notices.hasPeer('worker')) this.reader.watch(streamId, stream);
  }
}
