import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, inject, it, onTestFailed } from 'vitest';
import { Random } from '../model/random.js';
import { findFaults } from '../support/chaos/audit.js';
import { Load } from '../support/chaos/load.js';
import { readEndedRuns } from '../support/chaos/run-report.js';
import { Site, type SiteServer } from '../support/chaos/site.js';
import { until } from '../support/chaos/until.js';

describe('the database away for a while, under load', () => {
  let site: Site;
  let servers: SiteServer[];

  beforeAll(async () => {
    site = await Site.start();
    servers = [await site.startServer('api'), await site.startServer('worker', { ROLES: 'worker' })];
  });
  afterAll(() => site?.stop());

  async function untilReadinessIs(status: number): Promise<void> {
    for (const { url } of servers) {
      await until(`${url} is ${status}`, 10_000, async () => {
        const response = await fetch(`${url}/api/health/ready`);
        return response.status === status || undefined;
      });
    }
  }

  it.each([
    ['within the lease', 1_000],
    ['past the lease', 5_000],
  ])('is survived %s: readiness goes red and green, nothing is lost', async (_, awayMs) => {
    onTestFailed(() => site.printLogs());
    const random = new Random(inject('chaosSeed') + awayMs);
    await site.models.clear();
    const load = await Load.signIn(servers[0]?.url ?? '', random);
    const started = load.start({ runs: 60, overMs: 2_000 + awayMs, paces: ['brisk', 'steady', 'slow'] });
    await sleep(random.int(200, 1_000));
    await site.takeDatabaseAway();
    const at = Date.now();
    await untilReadinessIs(503);
    expect((await fetch(`${servers[0]?.url}/api/health`)).status).toBe(200);
    await sleep(at + awayMs - Date.now());
    await site.returnDatabase();
    await untilReadinessIs(200);
    const readyAt = Date.now();
    await started;
    const runs = await readEndedRuns(load.user, 30_000);
    load.close();
    const interruption = { at, readyAt, goesOnWithinMs: site.leaseMs + 5_000 };
    expect(findFaults({ ...load.evidence, runs, calls: await site.models.calls(), interruption })).toEqual([]);
  });
});
