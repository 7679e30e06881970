import type { CompiledGraph } from './compiled-graph.js';

/** What a node gives to those below it, as it stands in events and answers. */
export interface NodeOutput {
  readonly text?: string;
  readonly persona_name?: string;
  readonly persona_description?: string;
  readonly duration_ms?: number;
  readonly usage?: NodeUsage;
}

export interface NodeUsage {
  readonly provider_id: string;
  readonly model: string;
  /** Absent when the provider does not tell. */
  readonly input_tokens?: number;
  readonly output_tokens?: number;
}

export interface Persona {
  readonly name?: string | undefined;
  readonly description: string;
}

/** What arrives at a node from above. */
export interface NodeInputs {
  readonly text: string;
  readonly personas: readonly Persona[];
}

export function collectInputs(
  graph: Pick<CompiledGraph, 'textSources' | 'adapterSources'>,
  node: number,
  outputOf: (node: number) => NodeOutput | undefined,
): NodeInputs {
  const outputsOf = (sources: readonly number[] = []) => sources.flatMap((source) => outputOf(source) ?? []);
  return {
    text: mergeTexts(outputsOf(graph.textSources[node])),
    personas: outputsOf(graph.adapterSources[node]).flatMap(personaOf),
  };
}

/** One text per input, empty ones left out, a blank line between. */
function mergeTexts(outputs: readonly NodeOutput[]): string {
  const texts = outputs.map(({ text }) => text?.trim() ?? '');
  return texts.filter((text) => text !== '').join('\n\n');
}

function personaOf({ persona_name: name, persona_description, text }: NodeOutput): Persona[] {
  const description = (persona_description ?? text ?? '').trim();
  return description === '' && !name ? [] : [{ name, description }];
}
