import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, inject, it, onTestFailed } from 'vitest';
import { Random } from '../model/random.js';
import { findFaults } from '../support/chaos/audit.js';
import { Load } from '../support/chaos/load.js';
import { readEndedRuns } from '../support/chaos/run-report.js';
import { Site, type SiteServer } from '../support/chaos/site.js';

const LEASE_SECONDS = 60;
const DRAIN_SECONDS = 1;
/** What exiting itself may take. */
const EXIT_MS = 2_000;

describe('SIGTERM under load, with another worker beside', () => {
  let site: Site;
  let api: SiteServer;
  let leaving: SiteServer;

  beforeAll(async () => {
    site = await Site.start({ env: { LEASE_SECONDS: String(LEASE_SECONDS), DRAIN_SECONDS: String(DRAIN_SECONDS) } });
    api = await site.startServer('api', { ROLES: 'api' });
    leaving = await site.startServer('worker', { ROLES: 'worker' });
  });
  afterAll(() => site?.stop());

  it('exits with 0 in time; its runs go on elsewhere at once, and nothing committed is repeated', async () => {
    onTestFailed(() => site.printLogs());
    const random = new Random(inject('chaosSeed'));
    // Some calls outlast the drain: they are given up, and made again under the same key.
    await site.models.setScript([
      { content: 'at a steady pace', answer: { delayMs: 100 } },
      { content: 'at a slow pace', answer: { delayMs: 2 * DRAIN_SECONDS * 1_000 } },
    ]);
    const load = await Load.signIn(api.url, random);
    await load.start({ runs: 30, overMs: 500, paces: ['steady', 'slow'] });
    await site.startServer('worker', { ROLES: 'worker' });
    await load.start({ runs: 30, overMs: 500, paces: ['steady', 'slow'] });

    const at = Date.now();
    leaving.process.signal('SIGTERM');
    expect(await leaving.process.exited).toBe(0);
    const exitedAt = Date.now();
    expect(exitedAt - at).toBeLessThan(DRAIN_SECONDS * 1_000 + EXIT_MS);

    const runs = await readEndedRuns(load.user, 60_000);
    load.close();
    // Handed back, not taken over: whatever waited for the lease would have waited far longer.
    const interruption = { at, readyAt: exitedAt, goesOnWithinMs: 2 * DRAIN_SECONDS * 1_000 + 2_000 };
    const calls = await site.models.calls();
    expect(findFaults({ ...load.evidence, runs, calls, interruption })).toEqual([]);
    expect(calls.length).toBeGreaterThan(new Set(calls.map(({ idempotencyKey }) => idempotencyKey)).size);
    expect(runs.flatMap(({ events }) => events.filter(({ type }) => type === 'execution.claimed'))).toEqual([]);
  });

  it('is as clean when the only process leaves: what comes back goes on', async () => {
    onTestFailed(() => site.printLogs());
    await site.models.clear();
    const alone = await Site.start({ env: { DRAIN_SECONDS: '1', LEASE_SECONDS: String(LEASE_SECONDS) } });
    const server = await alone.startServer('all');
    const load = await Load.signIn(server.url, new Random(inject('chaosSeed')));
    await load.start({ runs: 20, overMs: 300, paces: ['steady', 'slow'] });
    await sleep(100);
    server.process.signal('SIGTERM');
    expect(await server.process.exited).toBe(0);
    load.close();
    const again = await alone.startServer('all', { PORT: new URL(server.url).port });
    const runs = await readEndedRuns(load.user, 20_000);
    expect(findFaults({ ...load.evidence, runs, calls: await alone.models.calls() })).toEqual([]);
    again.process.signal('SIGTERM');
    expect(await again.process.exited).toBe(0);
    await alone.stop();
  });
});
