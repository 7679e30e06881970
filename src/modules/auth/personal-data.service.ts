import { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { givingWay } from '../../database/giving-way.js';
import { AuditTrail } from '../audit/audit-trail.js';
import type { ErasureReceiptDto } from '../users/dto/erase-user.dto.js';
import { PersonalData } from '../users/personal-data.js';
import { UsersService } from '../users/users.service.js';
import type { AuthenticatedUser } from './authenticated-user.js';
import { AccountsService } from './accounts.service.js';
import { SessionsService } from './sessions.service.js';

/** All that is known of a person: to take along, or to be forgotten. */
@Injectable()
export class PersonalDataService {
  constructor(
    private readonly database: DataSource,
    private readonly accounts: AccountsService,
    private readonly users: UsersService,
    private readonly sessions: SessionsService,
    private readonly personal: PersonalData,
    private readonly audit: AuditTrail,
  ) {}

  /** One JSON document, written as it is read. @throws {UserNotFoundError} */
  async export(id: string, viewer: AuthenticatedUser): Promise<Readable> {
    await this.accounts.get(id, viewer);
    await this.audit.done(this.database.manager, { action: 'user.exported', target: { type: 'user', id } });
    return Readable.from(this.document(id), { objectMode: false });
  }

  /**
   * What is under way is stopped first; all the rest is one transaction.
   *
   * @throws {UserNotFoundError} @throws {LastOwnerError} @throws {RunsUnderWayError}
   */
  async erase(id: string, keepsAccount: boolean, viewer: AuthenticatedUser): Promise<ErasureReceiptDto> {
    await this.accounts.get(id, viewer);
    if (!keepsAccount) await this.users.assertRemovable(id);
    await this.personal.stop(id);
    const sessionIds = await this.sessions.listIds(id);
    const erased = await givingWay(this.database, (manager) => this.eraseIn(manager, id, keepsAccount));
    if (!keepsAccount) {
      await this.users.removed(id);
      this.sessions.ended(sessionIds);
    }
    return { user_id: id, account_kept: keepsAccount, erased_at: new Date().toISOString(), erased };
  }

  private async eraseIn(manager: EntityManager, id: string, keepsAccount: boolean): Promise<Record<string, number>> {
    const erased = await this.personal.eraseIn(manager, id);
    await this.audit.done(manager, { action: 'user.erased', target: { type: 'user', id } });
    if (!keepsAccount) await this.users.removeIn(manager, id);
    return { ...erased, audit_trail: await this.audit.anonymizeIn(manager, id) };
  }

  private async *document(id: string): AsyncGenerator<string> {
    yield `{"user_id":${JSON.stringify(id)},"exported_at":${JSON.stringify(new Date())},"data":{`;
    let before = '';
    for (const [section, records] of this.personal.exports(id)) {
      yield `${before}${JSON.stringify(section)}:[`;
      let separator = '';
      for await (const record of records) {
        yield separator + JSON.stringify(record);
        separator = ',\n';
      }
      yield ']';
      before = ',\n';
    }
    yield '}}';
  }
}
