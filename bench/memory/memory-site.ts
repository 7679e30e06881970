import { DataSource } from 'typeorm';
import { MemoryConfig } from '../../src/config/config.js';
import type { TextLanguage } from '../../src/common/text-search/languages.js';
import { commonOptions } from '../../src/database/data-source-options.js';
import { newId } from '../../src/common/ids/id.js';
import { MemoryItem } from '../../src/modules/memory/entities/memory-item.entity.js';
import { ItemRows } from '../../src/modules/memory/items/item-rows.js';
import { draftOf, type MemoryFields } from '../../src/modules/memory/items/memory-draft.js';
import { MemoryUses } from '../../src/modules/memory/items/memory-uses.js';
import { NamespaceOwners } from '../../src/modules/memory/namespace-owners.js';
import { MemorySearch } from '../../src/modules/memory/search/memory-search.service.js';
import { AccessPolicy } from '../../src/modules/projects/access-policy.js';
import { Project } from '../../src/modules/projects/entities/project.entity.js';
import { User } from '../../src/modules/users/entities/user.entity.js';

const BATCH = 1_000;

/** Memory without the server around it: as the routes use it, on a real database. */
export class MemorySite {
  readonly search: MemorySearch;
  private readonly rows: ItemRows;
  private readonly uses: MemoryUses;

  private constructor(
    readonly database: DataSource,
    language: TextLanguage,
  ) {
    const config: MemoryConfig = { language, retention: [], piiToModels: 'own' };
    this.rows = new ItemRows(config);
    const owners = new NamespaceOwners(new AccessPolicy(database));
    this.uses = new MemoryUses(database);
    this.search = new MemorySearch(database, owners, this.uses, config);
  }

  static async open(url: string, language: TextLanguage = 'english'): Promise<MemorySite> {
    const options = { ...commonOptions(url, 4), entities: [MemoryItem, Project, User] };
    return new MemorySite(await new DataSource(options).initialize(), language);
  }

  async close(): Promise<void> {
    await this.uses.onApplicationShutdown();
    await this.database.destroy();
  }

  async addUser(): Promise<string> {
    const id = newId();
    await this.database.query(
      `INSERT INTO users (id, username, username_key, email, email_key, password_hash) VALUES ($1, $2, $2, $2, $2, '')`,
      [id, id],
    );
    return id;
  }

  /** Answers their ids, in their order. */
  async remember(userId: string, all: readonly MemoryFields[]): Promise<readonly string[]> {
    const owned = { ownerId: userId, projectId: null };
    const drafts = all.map((fields) => draftOf(owned, { scope: 'user', id: userId }, fields, new Date()));
    for (let at = 0; at < drafts.length; at += BATCH) {
      await this.rows.writeIn(this.database.manager, drafts.slice(at, at + BATCH));
    }
    return drafts.map(({ id }) => id);
  }
}
