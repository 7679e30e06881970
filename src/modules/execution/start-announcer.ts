import { Injectable, type OnModuleInit } from '@nestjs/common';
import {
  DataSource,
  type EntityManager,
  type EntitySubscriberInterface,
  type QueryRunner,
  type TransactionCommitEvent,
} from 'typeorm';
import { StreamNotices } from '../streams/stream-notices.js';
import { EngineHost } from './engine-host.js';

/** Makes runs that were started in a caller's transaction be claimed at its commit, instead of at the next poll. */
@Injectable()
export class StartAnnouncer implements EntitySubscriberInterface, OnModuleInit {
  private readonly pending = new WeakSet<QueryRunner>();

  constructor(
    private readonly dataSource: DataSource,
    private readonly host: EngineHost,
    private readonly notices: StreamNotices,
  ) {}

  onModuleInit(): void {
    this.dataSource.subscribers.push(this);
  }

  startedIn({ queryRunner }: EntityManager): void {
    if (queryRunner) this.pending.add(queryRunner);
  }

  afterTransactionCommit({ queryRunner }: TransactionCommitEvent): void {
    if (!this.pending.delete(queryRunner)) return;
    this.notices.hint('work');
    this.host.engine.wake();
  }
}
