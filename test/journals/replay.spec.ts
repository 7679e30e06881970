import { readdirSync, readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ProgramDefinition } from '../../src/engine/index.js';
import { EngineHarness } from '../../src/engine/testing/engine-harness.js';
import type { ComponentDefinition } from '../../src/modules/flows/catalogue/component-definition.js';
import { DEFAULT_DEFINITION } from '../../src/modules/agents/definitions/agent-definition.js';
import { agentProgram } from '../../src/modules/agents/program/agent-program.definition.js';
import { flowProgram } from '../../src/modules/flows/program/flow-program.definition.js';
import { turnProgram } from '../../src/modules/groups/program/turn-program.definition.js';
import { swarmProgram } from '../../src/modules/swarm/program/swarm-program.definition.js';
import { RECORDED_AGENT } from '../support/recorded-agent.js';
import { RECORDED_SWARM } from '../support/recorded-swarm.js';
import { RECORDED_TURN } from '../support/recorded-turn.js';

interface RecordedRow {
  readonly seq: number;
  readonly name: string;
  readonly payload: unknown;
  readonly record: unknown;
}

/** A run as a released version left it: what `runs` and `event_logs` held, `<kind>-<version>.json`. Never edited. */
interface RecordedJournal {
  readonly kind: string;
  readonly version: number;
  readonly input: unknown;
  readonly output: unknown;
  readonly rows: readonly RecordedRow[];
}

const PROJECT = '01a1f890-c046-70b3-8c19-2e7e09f70547';
const folder = new URL('../fixtures/journals/', import.meta.url);

/** Today's programs. Executors answer what the recorded ones answered; most are never asked. */
const programs: Readonly<Record<string, ProgramDefinition>> = {
  flow: flowProgram((type) => ({
    component: { category: type === 'textOutput' ? 'output' : 'processing', usesLlm: true } as ComponentDefinition,
    execute: ({ nodeId, inputs }) =>
      nodeId === 'broken'
        ? Promise.reject(new Error('as recorded'))
        : Promise.resolve({
            text: [inputs.text, nodeId].filter(Boolean).join('+'),
            usage: { provider_id: 'any', model: 'any', input_tokens: 3, output_tokens: 4 },
          }),
  })) as ProgramDefinition,
  agent: agentProgram(RECORDED_AGENT) as ProgramDefinition,
  swarm: swarmProgram(RECORDED_SWARM) as ProgramDefinition,
  turn: turnProgram(RECORDED_TURN) as ProgramDefinition,
};

describe.each(readdirSync(folder))('the journal %s', (file) => {
  const recorded = JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as RecordedJournal;
  let at: EngineHarness;

  beforeEach(() => {
    at = new EngineHarness();
  });
  afterEach(() => at.close());

  // A server of that version may have died after any of these rows; today's goes on from there.
  it.each(recorded.rows.slice(0, -1).map(({ seq, name }) => [seq, name] as const))(
    'is gone on with after row %i, %s',
    async (seq) => {
      const { kind, version, input, rows } = recorded;
      const id = await at.create(kind, { version, input: JSON.stringify(input), projectId: PROJECT });
      at.adopt(id, rows.slice(0, seq));
      for (const key of childrenUnderWay(rows.slice(0, seq))) await createChild(at, id, key);
      // All of them: the children of a run are run too.
      await at.worker({}, { programs: Object.values(programs) });
      const run = await at.ended(id);
      expect([run.status, JSON.parse(run.output ?? 'null')]).toMatchObject([
        'completed',
        withoutTimes(recorded.output),
      ]);
      expect(run.rows.slice(0, seq).map(({ name }) => name)).toEqual(
        recorded.rows.slice(0, seq).map(({ name }) => name),
      );
    },
  );
});

/** Keys of children that were started and had not ended. */
function childrenUnderWay(rows: readonly RecordedRow[]): string[] {
  const records = rows.map(({ record }) => record as { k: string; child?: string } | null);
  const started = records.flatMap((record) => (record?.child === undefined ? [] : [record.k]));
  return started.filter((key) => !records.some((record) => record?.k === key && record.child === undefined));
}

/** As their parent had started it: children are agents. */
async function createChild(at: EngineHarness, runId: string, key: string): Promise<void> {
  const { epoch } = at.run(runId);
  const input = JSON.stringify({ instruction: key, agent: { ...DEFAULT_DEFINITION, name: 'Child' } });
  await at.create('agent', { input, parent: { runId, rootRunId: runId, key, epoch } });
}

/** What differs from run to run: how long things took, and the words of a failure that happens again. */
function withoutTimes(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutTimes);
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value).filter(([name]) => name !== 'duration_ms' && name !== 'error');
  return Object.fromEntries(entries.map(([name, inner]) => [name, withoutTimes(inner)]));
}
