import { z } from 'zod';
import { escapeToken } from '../../../common/http/text-faults.js';
import type { GraphFault } from '../graph/flow-graph.js';
import type { NodeOutput } from '../graph/node-inputs.js';

/** An output as a client sends it: its image may still be anything that names one. */
export type SentOutput = Omit<NodeOutput, 'image'> & { readonly image?: string };

const image = z
  .union([z.string(), z.object({ artifact_id: z.string() }).transform(({ artifact_id: id }) => id)])
  .optional();

const schema = z.union(
  [
    z.string().transform((text): SentOutput => ({ text })),
    z
      .object({
        text: z.string().nullish(),
        image,
        persona_name: z.string().nullish(),
        persona_description: z.string().nullish(),
        branch: z.string().nullish(),
      })
      .transform((sent) => withoutAbsent(sent)),
  ],
  'must be a text or a node output { text?, image?, … }',
);

/** Reads `cached_outputs`. Outputs of nodes that are no more do not matter. */
export function parseSentOutputs(sent: Readonly<Record<string, unknown>>): {
  readonly outputs: ReadonlyMap<string, SentOutput>;
  readonly faults: readonly GraphFault[];
} {
  const outputs = new Map<string, SentOutput>();
  const faults: GraphFault[] = [];
  for (const [nodeId, value] of Object.entries(sent)) {
    const parsed = schema.safeParse(value);
    if (parsed.success) outputs.set(nodeId, parsed.data);
    else faults.push(...parsed.error.issues.map((issue) => faultOf(nodeId, issue)));
  }
  return { outputs, faults };
}

function faultOf(nodeId: string, { path, message }: z.core.$ZodIssue): GraphFault {
  const pointer = ['cached_outputs', nodeId, ...path.map(String)].map((part) => `/${escapeToken(part)}`).join('');
  return { path: pointer, code: 'CACHED_OUTPUT_INVALID', message, node_id: nodeId };
}

function withoutAbsent(sent: Readonly<Record<string, string | null | undefined>>): SentOutput {
  return Object.fromEntries(Object.entries(sent).filter(([, value]) => typeof value === 'string'));
}
