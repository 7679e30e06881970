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

/**
 * Makes runs that were started in a caller's transaction be claimed at its commit, and cancels be heard, instead of at the
 * next poll.
 */
@Injectable()
export class StartAnnouncer implements EntitySubscriberInterface, OnModuleInit {
  private readonly pending = new WeakMap<QueryRunner, 'work' | 'intent'>();

  constructor(
    private readonly dataSource: DataSource,
    private readonly host: EngineHost,
    private readonly notices: StreamNotices,
  ) {}

  onModuleInit(): void {
    this.dataSource.subscribers.push(this);
  }

  startedIn({ queryRunner }: EntityManager): void {
    if (queryRunner && !this.pending.has(queryRunner)) this.pending.set(queryRunner, 'work');
  }

  cancelledIn({ queryRunner }: EntityManager): void {
    if (queryRunner) this.pending.set(queryRunner, 'intent');
  }

  afterTransactionCommit({ queryRunner }: TransactionCommitEvent): void {
    const what = this.pending.get(queryRunner);
    if (!what) return;
    this.pending.delete(queryRunner);
    this.notices.hint(what);
    if (what === 'work') this.host.engine.lookForWork();
    else this.host.engine.wake();
  }
}
