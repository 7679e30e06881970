import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, inject, it, onTestFailed } from 'vitest';
import { Random } from '../model/random.js';
import { ActServer } from '../support/chaos/agents/act-server.js';
import { agentFaults } from '../support/chaos/agents/agent-audit.js';
import { AGENT_MODEL, AgentLoad } from '../support/chaos/agents/agent-load.js';
import { scriptOf } from '../support/chaos/agents/agent-plan.js';
import { AgentTally } from '../support/chaos/agents/agent-tally.js';
import { isExtraction, memoryFaults } from '../support/chaos/agents/memory-audit.js';
import { findFaults } from '../support/chaos/audit.js';
import { Load } from '../support/chaos/load.js';
import { PACES } from '../support/chaos/random-flow.js';
import { readEndedRuns } from '../support/chaos/run-report.js';
import { freePort, Site, untilGone, type SiteServer } from '../support/chaos/site.js';
import { Tally } from '../support/chaos/tally.js';
import { until } from '../support/chaos/until.js';
import { HANGING_CALLS, PHASE_SCRIPT, startSwarms, swarmFaults } from '../support/chaos/swarms/swarm-phases.js';
import { turnFaults } from '../support/chaos/turns/turn-audit.js';
import { TURN_SCRIPT, TurnLoad } from '../support/chaos/turns/turn-load.js';
import { executeSql } from '../support/execute-sql.js';
import { SignedInClient } from '../support/signed-in-client.js';

const RUNS = 24;
const AGENTS = Number(process.env['AGENTS'] ?? 3);
const STARTS_OVER_MS = 1_200;
/** What a process may take after the lease of a dead one has run out. */
const GRACE_MS = 5_000;
const ENDED_WITHIN_MS = 30_000;

/** The tools of the agents are on loopback. */
const REACHES_ACTS = { ALLOWED_PRIVATE_ADDRESSES: '127.0.0.1' };

const kills = inject('kills');
const seeds = Array.from({ length: kills }, (_, index) => inject('chaosSeed') + index);
const share = (part: number): number[] => seeds.filter((_, index) => index % 3 === part);

/** @returns when a process was ready to go on */
type Kill = (random: Random) => Promise<number>;

let acts: ActServer;
const agentTally = new AgentTally();

beforeAll(async () => {
  acts = await ActServer.start();
});
afterAll(() => {
  agentTally.print();
  acts?.close();
});

/** Starts flows and agents, kills in the midst of them, and answers all that is wrong afterwards. */
async function killUnderLoad(site: Site, url: string, seed: number, kill: Kill, tally: Tally): Promise<string[]> {
  const random = new Random(seed);
  await site.models.clear();
  const load = await Load.signIn(url, random);
  const agents = await AgentLoad.signIn(url, random, acts.url, AGENTS);
  await site.models.setScript([...agents.plans.flatMap((plan) => scriptOf(random, plan)), ...PACES]);
  const started = [
    load.start({ runs: RUNS, overMs: STARTS_OVER_MS, paces: ['brisk', 'steady', 'slow'] }),
    agents.start(STARTS_OVER_MS),
  ];
  await sleep(random.int(50, STARTS_OVER_MS + 600));
  const at = Date.now();
  const readyAt = await kill(random);
  await Promise.all(started);
  const [runs, ofAgents] = await Promise.all([
    readEndedRuns(load.user, ENDED_WITHIN_MS),
    agents.finish(ENDED_WITHIN_MS),
  ]);
  load.close();
  const interruption = { at, readyAt, goesOnWithinMs: site.leaseMs + GRACE_MS };
  const calls = await site.models.calls();
  const isOfAgent = ({ model }: { model: string }) => model === AGENT_MODEL;
  const evidence = { ...load.evidence, runs, calls: calls.filter((call) => !isOfAgent(call)), interruption };
  tally.add(evidence);
  const { plans, acknowledged } = agents;
  const agentRuns = ofAgents.filter((run) => !isExtraction(run));
  const memory = memoryFaults(agentRuns, ofAgents.filter(isExtraction), await agents.remembered());
  const seen = {
    plans,
    acknowledged,
    runs: agentRuns,
    modelCalls: calls.filter(isOfAgent),
    actCalls: acts.takeCalls(),
  };
  agentTally.add(seen);
  return [...findFaults(evidence), ...agentFaults(seen), ...memory];
}

describe('kill -9 of the only server', () => {
  const tally = new Tally('kill -9 of the only server');
  let site: Site;
  let port: string;
  let server: SiteServer;

  beforeAll(async () => {
    site = await Site.start({ ownDatabase: true, env: REACHES_ACTS });
    port = await freePort();
    server = await site.startServer('only', { PORT: port });
  });
  afterAll(async () => {
    tally.print();
    await site?.stop();
  });

  /** Now and then the database dies with it, as when the machine does. */
  async function killServer(random: Random): Promise<number> {
    const postgres = site.postgresPid('only');
    server.process.signal('SIGKILL');
    if (random.chance(0.5)) process.kill(postgres, 'SIGKILL');
    await server.process.exited;
    server = await site.startServer('only', { PORT: port });
    return server.readyAt;
  }

  it.each(share(0))('keeps what it promised, seed %i', async (seed) => {
    onTestFailed(() => site.printLogs());
    expect(await killUnderLoad(site, server.url, seed, killServer, tally)).toEqual([]);
  });

  it('keeps what it promised in each phase of a swarm', async () => {
    onTestFailed(() => site.printLogs());
    await site.models.clear();
    await site.models.setScript(PHASE_SCRIPT);
    const user = await SignedInClient.signUp(server.url);
    const projects = await startSwarms(user);
    const open = async () => (await site.models.calls()).filter(({ outcome }) => outcome === 'open').length;
    await until('all four stand still', 20_000, async () => (await open()) === HANGING_CALLS || undefined);
    await killServer(new Random(inject('chaosSeed')));
    expect(await swarmFaults(user, projects, site.models)).toEqual([]);
  });
});

describe('kill -9 beside others', () => {
  const workerTally = new Tally('kill -9 of one of two workers');
  const databaseTally = new Tally('kill -9 of the database');
  let site: Site;
  let api: SiteServer;
  let workers: SiteServer[];

  beforeAll(async () => {
    site = await Site.start({ env: REACHES_ACTS });
    api = await site.startServer('api', { ROLES: 'api' });
    workers = [await startWorker(), await startWorker()];
  });
  afterAll(async () => {
    workerTally.print();
    databaseTally.print();
    await site?.stop();
  });

  function startWorker(): Promise<SiteServer> {
    return site.startServer('worker', { ROLES: 'worker' });
  }

  /** The other goes on; later there are two again. */
  async function killWorker(random: Random): Promise<number> {
    const killedAt = Date.now();
    const [victim] = workers.splice(random.int(0, 1), 1);
    victim?.process.signal('SIGKILL');
    await sleep(random.int(0, 3_000));
    workers.push(await startWorker());
    return killedAt;
  }

  /** The first process takes all others along; one of the others makes the first one begin anew. */
  async function killDatabase(random: Random): Promise<number> {
    const first = site.database.pid ?? 0;
    const pid = random.chance(0.5) ? first : await pickBackend(random);
    process.kill(pid, 'SIGKILL');
    await untilGone(pid);
    await until(
      'the api is ready again',
      20_000,
      async () => (await fetch(`${api.url}/api/health/ready`)).ok || undefined,
    );
    return Date.now();
  }

  async function pickBackend(random: Random): Promise<number> {
    const rows = await executeSql<{ pid: number }>(
      site.database.url,
      `SELECT pid FROM pg_stat_activity WHERE application_name LIKE 'troupe %' AND pid <> pg_backend_pid()`,
    );
    return random.pick(rows).pid;
  }

  it.each(share(1))('of one of two workers keeps what was promised, seed %i', async (seed) => {
    onTestFailed(() => site.printLogs());
    expect(await killUnderLoad(site, api.url, seed, killWorker, workerTally)).toEqual([]);
  });

  it('of all workers, with turns of rooms in each phase, keeps what was promised', async () => {
    onTestFailed(() => site.printLogs());
    await site.models.clear();
    await site.models.setScript([...TURN_SCRIPT, ...PACES]);
    const turns = await TurnLoad.open(api.url);
    await Promise.all([turns.say('asking'), turns.say('joining')]);
    await turns.untilSaid('joining', 'Ada');
    await turns.say('ending');
    await turns.untilSaid('ending', 'Orchestrator');
    for (const { process: victim } of workers.splice(0)) victim.signal('SIGKILL');
    await turns.say('waiting');
    const cut = (await site.models.calls()).filter(({ outcome }) => outcome !== 'answered');
    expect(cut.map(({ content }) => content).filter((text) => text.includes('go on'))).toHaveLength(3);
    workers = await Promise.all([startWorker(), startWorker()]);
    await turns.untilEnded(ENDED_WITHIN_MS);
    turns.close();
    expect(await turnFaults(turns, await site.models.calls())).toEqual([]);
  });

  it.each(share(2))('of the database keeps what was promised, seed %i', async (seed) => {
    onTestFailed(() => site.printLogs());
    expect(await killUnderLoad(site, api.url, seed, killDatabase, databaseTally)).toEqual([]);
  });
});
