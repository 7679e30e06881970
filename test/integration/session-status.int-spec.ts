import { DataSource } from 'typeorm';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { newId } from '../../src/common/ids/id.js';
import { commonOptions } from '../../src/database/data-source-options.js';
import { SessionStatus } from '../../src/modules/auth/session-status.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

let database: TestDatabase;
let source: DataSource;
let status: SessionStatus;
const userId = newId();

beforeAll(async () => {
  database = await createTestDatabase();
  source = await new DataSource(commonOptions(database.url, 3)).initialize();
  await source.query(
    `INSERT INTO users (id, username, username_key, email, email_key, password_hash) VALUES ($1, 'a', 'a', 'b', 'b', 'c')`,
    [userId],
  );
});

afterAll(async () => {
  await source.destroy();
  await database.drop();
});

beforeEach(() => {
  vi.restoreAllMocks();
  status = new SessionStatus(source);
});

async function openSession(expiresIn = '1 hour'): Promise<string> {
  const id = newId();
  const sql = `INSERT INTO sessions (id, user_id, realm, expires_at) VALUES ($1, $2, 'user', now() + $3::interval)`;
  await source.query(sql, [id, userId, expiresIn]);
  return id;
}

async function revoke(id: string): Promise<void> {
  await source.query('UPDATE sessions SET revoked_at = now() WHERE id = $1', [id]);
}

describe('SessionStatus', () => {
  it('tells the living from the revoked, the expired and the unknown', async () => {
    const [alive, revoked, expired] = [await openSession(), await openSession(), await openSession('-1 second')];
    await revoke(revoked);
    const answers = await Promise.all([alive, revoked, expired, newId()].map((id) => status.isActive(id)));
    expect(answers).toEqual([true, false, false, false]);
  });

  it('asks for all sessions that are due in one or two queries, and then not at all', async () => {
    const ids = await Promise.all(Array.from({ length: 50 }, () => openSession()));
    const query = vi.spyOn(source, 'query');
    await Promise.all([...ids, ...ids].map((id) => status.isActive(id)));
    expect(query.mock.calls.length).toBeLessThanOrEqual(2);
    query.mockClear();
    for (const id of ids) expect(await status.isActive(id)).toBe(true);
    expect(query).not.toHaveBeenCalled();
  });

  it('finds out about an end elsewhere within a second, and says so once', async () => {
    const id = await openSession();
    const endings: string[] = [];
    status.ended.subscribe((ended) => endings.push(ended));
    expect(await status.isActive(id)).toBe(true);
    await revoke(id);
    await vi.waitFor(async () => expect(await status.isActive(id)).toBe(false), { timeout: 1000, interval: 20 });
    await status.isActive(id);
    expect(endings).toEqual([id]);
  });

  it('does not let a query under way bring back what has ended here meanwhile', async () => {
    const id = await openSession();
    const underWay = status.isActive(id);
    status.end(id);
    expect(await underWay).toBe(false);
    expect(await status.isActive(id)).toBe(false);
  });

  it('fails while the database does, and works again afterwards', async () => {
    const id = await openSession();
    vi.spyOn(source, 'query').mockRejectedValueOnce(new Error('Connection terminated'));
    await expect(status.isActive(id)).rejects.toThrow('Connection terminated');
    expect(await status.isActive(id)).toBe(true);
  });
});
