import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, inject, it, onTestFailed } from 'vitest';
import { Random } from '../model/random.js';
import { streamFaults } from '../support/chaos/audit.js';
import { Load } from '../support/chaos/load.js';
import { randomFlow } from '../support/chaos/random-flow.js';
import { readEndedRuns, type RunReport } from '../support/chaos/run-report.js';
import { Site, type SiteServer } from '../support/chaos/site.js';
import { until } from '../support/chaos/until.js';
import type { RecordedCall } from '../support/model-server/call-log.js';

const CANCELS = 200;
const STARTS_OVER_MS = 8_000;
/** No model call begins later than this after the answer to a cancel. */
const QUIET_AFTER_MS = 1_000;
/** Connections to the model server are closed by then. */
const CLOSED_AFTER_MS = 2_000;

interface Cancel {
  readonly runId: string;
  readonly status: number;
  readonly code: unknown;
  /** Milliseconds since 1970. */
  readonly answeredAt: number;
}

describe('cancels at random times', () => {
  let site: Site;
  let api: SiteServer;

  beforeAll(async () => {
    site = await Site.start();
    api = await site.startServer('api', { ROLES: 'api' });
    await Promise.all([1, 2].map((number) => site.startServer(`worker-${number}`, { ROLES: 'worker' })));
  });
  afterAll(() => site?.stop());

  async function startAndCancel(load: Load, random: Random, index: number): Promise<Cancel[]> {
    const pace = random.pick(['brisk', 'steady', 'slow', 'endless'] as const);
    const plan = randomFlow(random, `[cancel/${index}]`, pace);
    const [startAfterMs, cancelAfterMs, bySocket] = [
      random.int(0, STARTS_OVER_MS),
      random.chance(0.15) ? 0 : random.int(0, 2_500),
      random.chance(0.5),
    ];
    await sleep(startAfterMs);
    const runId = await load.startOne(plan, bySocket);
    if (runId === undefined) return [];
    await sleep(cancelAfterMs);
    const { status, body } = await load.user.post(`/runs/${runId}/cancel`);
    return [{ runId, status, code: body['code'], answeredAt: Date.now() }];
  }

  it(`wins, ${CANCELS} times`, async () => {
    onTestFailed(() => site.printLogs());
    const random = new Random(inject('chaosSeed'));
    const load = await Load.signIn(api.url, random);
    const all = Array.from({ length: CANCELS }, (_, index) => startAndCancel(load, random, index));
    const cancels = (await Promise.all(all)).flat();
    await until('no call is open', CLOSED_AFTER_MS, async () => (await site.models.counts()).open === 0 || undefined);
    const runs = new Map((await readEndedRuns(load.user, 10_000)).map((run) => [run.id, run]));
    load.close();
    expect(load.refusals).toEqual([]);
    expect(cancels).toHaveLength(CANCELS);
    const calls = Map.groupBy(await site.models.calls(), ({ idempotencyKey }) => idempotencyKey?.split(':')[0] ?? '');
    expect(cancels.flatMap((cancel) => faultsOf(cancel, runs.get(cancel.runId), calls.get(cancel.runId)))).toEqual([]);
    const accepted = cancels.filter(({ status }) => status === 202).length;
    // Random times that always came too early or too late would prove nothing.
    expect(accepted).toBeGreaterThan(CANCELS / 4);
    expect(accepted).toBeLessThan(CANCELS);
  });
});

function faultsOf(
  { runId, status, code, answeredAt }: Cancel,
  run: RunReport | undefined,
  calls: readonly RecordedCall[] = [],
): string[] {
  if (!run) return [`${runId} is lost`];
  const isRight = status === 202 ? run.status === 'cancelled' : status === 409 && code === 'RUN_ENDED';
  const outcome = isRight ? [] : [`${runId}: the cancel answered ${status} ${String(code)}, the run is ${run.status}`];
  const ended = status === 202 || run.status === 'completed' ? [] : [`${runId} ended ${run.status}`];
  return [...outcome, ...ended, ...streamFaults(run), ...calls.flatMap((call) => callFaults(call, answeredAt))];
}

function callFaults({ idempotencyKey, startedAt, endedAt }: RecordedCall, cancelledAt: number): string[] {
  const [beganMs, closedMs] = [startedAt - cancelledAt, (endedAt ?? Infinity) - cancelledAt];
  return [
    ...(beganMs > QUIET_AFTER_MS ? [`${idempotencyKey} began ${beganMs} ms after the cancel`] : []),
    ...(closedMs > CLOSED_AFTER_MS ? [`${idempotencyKey} was open ${closedMs} ms after the cancel`] : []),
  ];
}
