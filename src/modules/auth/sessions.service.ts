import { createHash, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { newId } from '../../common/ids/id.js';
import { AuthConfig } from '../../config/config.js';
import type { Realm } from './authenticated-user.js';
import { InvalidRefreshTokenError } from './auth.errors.js';
import { RefreshToken } from './entities/refresh-token.entity.js';
import { Session } from './entities/session.entity.js';
import { SessionStatus } from './session-status.js';

export interface OpenSession {
  readonly sessionId: string;
  readonly userId: string;
  readonly realm: Realm;
  readonly refreshToken: string;
}

/** What became of a refresh token that was handed in. */
export type Rotation =
  | { readonly outcome: 'rotated'; readonly session: OpenSession }
  | { readonly outcome: 'unknown' | 'raced' | 'reused' };

interface TokenRow {
  readonly session_id: string;
  readonly user_id: string;
  readonly realm: Realm;
  readonly is_active: boolean;
  readonly is_used: boolean;
  readonly is_recent: boolean;
}

/** Two tabs that refresh at once are no theft. */
const RACE_SECONDS = 10;
const MILLIS_PER_SECOND = 1000;
// Both rows are locked: of two uses at once, the second sees the first.
const LOCK_TOKEN = `
  SELECT s.id AS session_id, s.user_id, s.realm, s.revoked_at IS NULL AND s.expires_at > now() AS is_active,
    t.used_at IS NOT NULL AS is_used, coalesce(t.used_at > now() - make_interval(secs => $2), false) AS is_recent
  FROM refresh_tokens t JOIN sessions s ON s.id = t.session_id
  WHERE t.token_hash = $1 FOR UPDATE OF s, t`;

@Injectable()
export class SessionsService {
  constructor(
    private readonly database: DataSource,
    private readonly config: AuthConfig,
    private readonly status: SessionStatus,
  ) {}

  open(userId: string, realm: Realm): Promise<OpenSession> {
    return this.database.transaction(async (manager) => {
      await manager.query('DELETE FROM sessions WHERE user_id = $1 AND expires_at <= now()', [userId]);
      const sessionId = newId();
      await manager.insert(Session, { id: sessionId, userId, realm, expiresAt: this.expiry(), revokedAt: null });
      return { sessionId, userId, realm, refreshToken: await issueToken(manager, sessionId) };
    });
  }

  /** Exchanges a refresh token for the next one. Reuse, but for a race of two tabs, revokes the session. */
  async rotate(refreshToken: string): Promise<Rotation> {
    const tokenHash = hashToken(refreshToken);
    const [row, rotation] = await this.database.transaction(async (manager) => {
      const [found] = await manager.query<TokenRow[]>(LOCK_TOKEN, [tokenHash, RACE_SECONDS]);
      return [found, found ? await this.settle(manager, found, tokenHash) : ({ outcome: 'unknown' } as const)] as const;
    });
    if (row && rotation.outcome === 'reused') this.status.end(row.session_id);
    return rotation;
  }

  /** @throws {InvalidRefreshTokenError} */
  async findByToken(refreshToken: string): Promise<string> {
    const token = await this.database.manager.findOneBy(RefreshToken, { tokenHash: hashToken(refreshToken) });
    if (!token) throw new InvalidRefreshTokenError();
    return token.sessionId;
  }

  async revoke(sessionId: string): Promise<void> {
    await revokeSession(this.database.manager, sessionId);
    this.status.end(sessionId);
  }

  async listIds(userId: string): Promise<string[]> {
    const sessions = await this.database.manager.find(Session, { where: { userId }, select: { id: true } });
    return sessions.map(({ id }) => id);
  }

  private async settle(manager: EntityManager, row: TokenRow, tokenHash: string): Promise<Rotation> {
    if (!row.is_active) return { outcome: 'unknown' };
    if (row.is_recent) return { outcome: 'raced' };
    const { session_id: sessionId, user_id: userId, realm } = row;
    if (row.is_used) {
      await revokeSession(manager, sessionId);
      return { outcome: 'reused' };
    }
    await manager.query('UPDATE refresh_tokens SET used_at = now() WHERE token_hash = $1', [tokenHash]);
    await manager.update(Session, { id: sessionId }, { expiresAt: this.expiry() });
    return { outcome: 'rotated', session: { sessionId, userId, realm, refreshToken: await issueToken(manager, sessionId) } };
  }

  private expiry(): Date {
    return new Date(Date.now() + this.config.refreshTokenSeconds * MILLIS_PER_SECOND);
  }
}

async function issueToken(manager: EntityManager, sessionId: string): Promise<string> {
  const refreshToken = randomBytes(32).toString('base64url');
  await manager.insert(RefreshToken, { tokenHash: hashToken(refreshToken), sessionId });
  return refreshToken;
}

async function revokeSession(manager: EntityManager, sessionId: string): Promise<void> {
  await manager.query('UPDATE sessions SET revoked_at = now() WHERE id = $1 AND revoked_at IS NULL', [sessionId]);
}

/** A random token of 256 bits needs no salt and no slow hash. */
function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
