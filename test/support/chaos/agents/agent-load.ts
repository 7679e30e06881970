import { setTimeout as sleep } from 'node:timers/promises';
import type { Random } from '../../../model/random.js';
import { SignedInClient } from '../../signed-in-client.js';
import { readEndedRuns, readEvents, type RunReport } from '../run-report.js';
import type { Remembered } from './memory-audit.js';
import { type AgentPlan, HELPER_AGENT, randomPlan } from './agent-plan.js';

const APPROVE_EVERY_MS = 100;
/** Asked by agents alone. */
export const AGENT_MODEL = 'model-large';

/** One user whose agents work with the tools of a server that stands outside; people answer once `answer` is called. */
export class AgentLoad {
  readonly plans: readonly AgentPlan[];
  /** Ids of the runs that somebody was told exist. */
  readonly acknowledged: string[] = [];
  private readonly answered = new Set<string>();
  private helperId = '';

  private constructor(
    private readonly user: SignedInClient,
    private readonly random: Random,
    runs: number,
  ) {
    this.plans = Array.from({ length: runs }, (_, index) => randomPlan(random, `${user.userId}/${index}`));
  }

  static async signIn(url: string, random: Random, actsUrl: string, runs: number): Promise<AgentLoad> {
    const load = new AgentLoad(await SignedInClient.signUp(url), random, runs);
    const server = { transport: 'http', url: actsUrl };
    await load.create('/mcp-servers', { ...server, name: 'acts' });
    await load.create('/mcp-servers', { ...server, name: 'guarded', approval: 'always' });
    load.helperId = await load.create('/agents', { ...HELPER_AGENT, model: AGENT_MODEL });
    return load;
  }

  /** Ends when every start was answered or given up: no answer is no acknowledgement. */
  async start(overMs: number): Promise<void> {
    const tools = ['acts/peek', 'acts/add', 'acts/drop', 'guarded/add'];
    const memory = { recall: false, write: true };
    const agent = { tools, delegates: [this.helperId], model: AGENT_MODEL, memory };
    const starts = this.plans.map(async ({ marker }) => {
      await sleep(this.random.int(0, overMs));
      const body = { instruction: `Go on ${marker}`, agent, wait_seconds: 0 };
      const answer = await this.user.post('/agents/execute', body).catch(() => undefined);
      if (answer?.status === 202) this.acknowledged.push(String(answer.body['run_id']));
    });
    await Promise.all(starts);
  }

  /** Decides whatever people are asked, until all runs have ended, and reads them. */
  async finish(withinMs: number): Promise<readonly RunReport[]> {
    const stop = new AbortController();
    const answering = this.answerUntil(stop.signal);
    try {
      return await readEndedRuns(this.user, withinMs);
    } finally {
      stop.abort();
      await answering;
    }
  }

  /** What memory has out of these runs. */
  async remembered(): Promise<readonly Remembered[]> {
    const { body } = await this.user.get('/memory/query?kind=fragment&limit=100');
    const hits = body['items'] as Array<{ item: { metadata: { run_id: string; turn: number } } }>;
    return hits.map(({ item: { metadata } }) => ({ runId: metadata.run_id, turn: metadata.turn }));
  }

  private async answerUntil(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const { body } = await this.user.get('/runs?status=waiting&limit=100').catch(() => ({ body: { items: [] } }));
      for (const { id } of (body['items'] ?? []) as Array<{ id: string }>) await this.answer(id);
      await sleep(APPROVE_EVERY_MS, undefined, { signal }).catch(() => undefined);
    }
  }

  private async answer(runId: string): Promise<void> {
    const events = await readEvents(this.user, runId);
    for (const { data } of events.filter(({ type }) => type === 'approval.requested')) {
      const key = String(data['key']);
      if (this.answered.has(`${runId} ${key}`)) continue;
      const decision = this.random.pick(['approve', 'approve', 'reject']);
      const { status } = await this.user.post(`/runs/${runId}/signals/${encodeURIComponent(key)}`, { decision });
      if (status === 202) this.answered.add(`${runId} ${key}`);
    }
  }

  private async create(path: string, body: object): Promise<string> {
    const answer = await this.user.post(path, body);
    if (answer.status !== 201) throw new Error(`${path} answered ${answer.status} ${JSON.stringify(answer.body)}`);
    return String(answer.body['id']);
  }
}
