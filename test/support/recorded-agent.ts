import type { AgentPorts } from '../../src/modules/agents/program/agent-ports.js';
import type { AgentMessage, ToolResult } from '../../src/modules/agents/program/agent-run.js';

const manner = { version: 1, approval: 'never', is_parallel: true } as const;
const input_schema = { type: 'object', required: ['text'] };

/** By model call: two tools at once, arguments that are wrong, an answer of the wrong form, and one of the right one. */
const ANSWERS: ReadonlyArray<Pick<AgentMessage, 'text' | 'tool_calls'>> = [
  { text: 'Let me see.', tool_calls: [call('a', 'echo', '{"text":"x"}'), call('b', 'grave', '{"text":"y"}')] },
  { text: '', tool_calls: [call('a', 'echo', '{"text":'), call('c', 'broken', '{"text":"z"}')] },
  { text: 'Sure!', tool_calls: [] },
  { text: '{"title":"Fog"}', tool_calls: [] },
];

/** What the model and the tools of the recorded agent runs said, for today's program. */
export const RECORDED_AGENT: AgentPorts = {
  prepare: async () => ({
    tools: [
      { ...manner, name: 'echo', description: 'Echoes', input_schema, on_interrupted: 'retry' },
      { ...manner, name: 'grave', description: 'Does it once', input_schema, on_interrupted: 'retry' },
      { ...manner, name: 'broken', description: 'Fails', input_schema, on_interrupted: 'retry' },
    ],
    missing: [],
    delegates: [],
    history: { summarized_to: 0, fold_to: 2, last: 4 },
  }),
  recall: async () => [
    {
      id: '01a1f890-c046-70b3-8c19-2e7e09f70548',
      kind: 'fragment',
      namespace: { scope: 'user', id: '01a1f890-c046-70b3-8c19-2e7e09f70549' },
      content: 'Names of one word are liked.',
      speaker: 'user',
      at: '2026-03-01T12:00:00.000Z',
      score: 0.5,
      scores: { text: 0.47, recency: 0.5, importance: 0.5 },
    },
  ],
  summarize: async () => 'They spoke of fog.',
  ask: async (_, __, { key }) => {
    const answer = ANSWERS[Number(key.slice('llm:'.length)) - 1] ?? { text: 'No more', tool_calls: [] };
    const usage = { input_tokens: 10, output_tokens: 3 };
    return { ...answer, finish_reason: 'stop', provider_id: 'any', model: 'any', usage };
  },
  callTool: async (name, args): Promise<ToolResult> => {
    if (name === 'broken') return { ok: false, error: { code: 'OUT_OF_ORDER', message: 'as recorded' } };
    return { ok: true, output: `${name} of ${String(args['text'])}` };
  },
  planDelegation: () => Promise.reject(new Error('The recorded agents have no delegates')),
  saveTurn: async () => undefined,
  saveRoomSummary: async () => undefined,
  faultsIn: (schema, value) =>
    (schema['required'] as readonly string[])
      .filter((name) => !Object.hasOwn(value as object, name))
      .map((name) => ({ path: `/${name}`, message: 'is required' })),
  findRunTool: () => undefined,
};

function call(id: string, name: string, args: string) {
  return { id, name, arguments: args };
}
