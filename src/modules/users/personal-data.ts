import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { PersonalRecords } from './personal-records.js';
import { type RecordStatements, StoredRecords } from './stored-records.js';

/** Erasures take turns: two people may have written into the same things. */
const TAKE_TURN = `SELECT pg_advisory_xact_lock(hashtext('troupe erasure'))`;

/** Ends what is under way of a person, and waits for it. */
export type WorkStopper = (userId: string) => Promise<void>;

/** What is known of people: each module registers what it holds, those below others first. */
@Injectable()
export class PersonalData {
  private readonly sections = new Map<string, PersonalRecords>();
  private readonly beginnings: string[] = [];
  private readonly stoppers: WorkStopper[] = [];

  constructor(private readonly database: DataSource) {}

  /** @param section as it is named in exports and receipts */
  register(section: string, records: PersonalRecords): void {
    if (this.sections.has(section)) throw new Error(`There is a section ${section} already`);
    this.sections.set(section, records);
  }

  /** Of what a few statements find. */
  registerStored(section: string, statements: RecordStatements): void {
    this.register(section, new StoredRecords(this.database, statements));
  }

  /**
   * What is done before anything goes: locks, in the order in which others take them, and what is known by that which goes.
   *
   * @param statement SQL; `$1` is the user
   */
  registerBeginning(statement: string): void {
    this.beginnings.push(statement);
  }

  registerStopper(stop: WorkStopper): void {
    this.stoppers.push(stop);
  }

  exports(userId: string): Array<readonly [section: string, records: AsyncIterable<object>]> {
    return [...this.sections].map(([section, records]) => [section, records.exportOf(userId)] as const);
  }

  async stop(userId: string): Promise<void> {
    for (const stop of this.stoppers) await stop(userId);
  }

  /** How many records of each section are gone. Those of modules above others go first: they refer to them. */
  async eraseIn(manager: EntityManager, userId: string): Promise<Record<string, number>> {
    await manager.query(TAKE_TURN);
    for (const statement of this.beginnings) await manager.query(statement, [userId]);
    const erased: Record<string, number> = {};
    for (const [section, records] of [...this.sections].toReversed()) {
      erased[section] = await records.eraseOf(userId, manager);
    }
    return erased;
  }
}
