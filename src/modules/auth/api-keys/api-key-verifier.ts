import { Injectable, Logger } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { BriefCache } from '../../../common/cache/brief-cache.js';
import type { AuthenticatedUser } from '../authenticated-user.js';
import { TokenExpiredError, UnauthorizedError } from '../auth.errors.js';
import type { ApiScope } from './api-scope.js';
import { hashSecret } from './api-key-secret.js';

interface Row {
  readonly id: string;
  readonly user_id: string;
  readonly username: string;
  readonly scopes: readonly ApiScope[];
  readonly expires_at: Date | null;
}

/** Under the promised second, since the answer is as old as its question. */
const TRUSTED_MS = 800;
const MAX_KNOWN = 10_000;
const NEVER = new Date(8_640_000_000_000_000);
// Keys of a deactivated user do nothing, and work again with the account.
const ACTIVE = `FROM api_keys k JOIN users u ON u.id = k.user_id AND u.deactivated_at IS NULL`;
const BY_HASH = `SELECT k.id, k.user_id, u.username, k.scopes, k.expires_at ${ACTIVE} WHERE k.secret_hash = $1`;
const BY_ID = `SELECT 1 ${ACTIVE} WHERE k.id = $1`;
const TOUCH = `UPDATE api_keys SET last_used_at = now()
  WHERE id = $1 AND (last_used_at IS NULL OR last_used_at < now() - interval '1 minute')`;

/** Tells whose an API key is; a key in use costs one query per {@link TRUSTED_MS}, and not one per request. */
@Injectable()
export class ApiKeyVerifier {
  private readonly logger = new Logger(ApiKeyVerifier.name);
  private readonly byHash = new BriefCache((hash) => this.load(hash), TRUSTED_MS, MAX_KNOWN);
  private readonly byId = new BriefCache((id) => this.exists(id), TRUSTED_MS, MAX_KNOWN);

  constructor(private readonly database: DataSource) {}

  /** @throws {UnauthorizedError} @throws {TokenExpiredError} */
  async verify(secret: string): Promise<AuthenticatedUser> {
    const user = await this.byHash.get(hashSecret(secret));
    if (!user) throw new UnauthorizedError('This API key is unknown or was revoked');
    if (user.tokenExpiresAt.getTime() <= Date.now()) throw new TokenExpiredError();
    return user;
  }

  /** Whether it costs a query to say that nobody has such a key. */
  isNew(secret: string): boolean {
    return !this.byHash.has(hashSecret(secret));
  }

  isActive(keyId: string): Promise<boolean> {
    return this.byId.get(keyId);
  }

  /** The key was revoked by this process, which need not wait to find out. */
  forget(keyId: string, secretHash: string): void {
    this.byId.drop(keyId);
    this.byHash.drop(secretHash);
  }

  private async load(hash: string): Promise<AuthenticatedUser | undefined> {
    const [row] = await this.database.query<Row[]>(BY_HASH, [hash]);
    if (!row) return undefined;
    this.touch(row.id);
    const { id: sessionId, user_id: id, username, scopes, expires_at: expiresAt } = row;
    return { id, username, sessionId, realm: 'user', tokenExpiresAt: expiresAt ?? NEVER, scopes };
  }

  private async exists(id: string): Promise<boolean> {
    return (await this.database.query<unknown[]>(BY_ID, [id])).length > 0;
  }

  private touch(id: string): void {
    this.database.query(TOUCH, [id]).catch((error: unknown) => {
      this.logger.warn({ err: error }, 'The use of an API key was not noted');
    });
  }
}
