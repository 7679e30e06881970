import { LANGUAGES } from '../../../src/modules/flows/components/languages.js';
import type { Random } from '../../model/random.js';
import type { ScriptRule } from '../model-server/script.js';

/** How long the model takes over the nodes of a flow; a word of the prompt says which. */
export type Pace = 'brisk' | 'steady' | 'slow' | 'endless';

/** For the model server: the answer's words come one by one. */
export const PACES: readonly ScriptRule[] = [
  { content: 'at a brisk pace', answer: { delayMs: 5 } },
  { content: 'at a steady pace', answer: { delayMs: 40, pieceDelayMs: 10 } },
  { content: 'at a slow pace', answer: { delayMs: 250, pieceDelayMs: 60 } },
  { content: 'at an endless pace', answer: { delayMs: 30_000 } },
];

interface PlannedNode {
  readonly id: string;
  readonly type: string;
  readonly data: Readonly<Record<string, string>>;
}

/** A flow with what is to come of it. */
export interface PlannedFlow {
  /** Found in the run's input and in every model call. */
  readonly marker: string;
  readonly nodes: readonly PlannedNode[];
  readonly edges: ReadonlyArray<{ readonly source: string; readonly target: string }>;
  /** What each model node asks, by node id. */
  readonly questions: ReadonlyMap<string, string>;
  /** The text of each node, by node id. */
  readonly texts: ReadonlyMap<string, string>;
}

/**
 * A prompt, then two to five translators that each read one or two nodes before them, then the output:
 *
 *     prompt -> t1 -> t2 -> out
 *            `-> t3 ------^
 */
export function randomFlow(random: Random, marker: string, pace: Pace): PlannedFlow {
  const draft = new Draft(marker);
  draft.add('prompt', 'initialPrompt', [], { text: `${marker} ${pace === 'endless' ? 'at an' : 'at a'} ${pace} pace` });
  const count = random.int(2, 5);
  for (let index = 1; index <= count; index += 1) {
    const language = random.pick(LANGUAGES).value;
    draft.add(`t${index}`, 'translator', sourcesOf(random, draft.ids), { language });
  }
  draft.add('out', 'textOutput', draft.leaves, {});
  return draft;
}

function sourcesOf(random: Random, ids: readonly string[]): string[] {
  const first = random.pick(ids);
  const second = random.pick(ids);
  return random.chance(0.3) ? [...new Set([first, second])] : [first];
}

class Draft implements PlannedFlow {
  readonly nodes: PlannedNode[] = [];
  readonly edges: Array<{ source: string; target: string }> = [];
  readonly questions = new Map<string, string>();
  readonly texts = new Map<string, string>();

  constructor(readonly marker: string) {}

  get ids(): string[] {
    return this.nodes.map(({ id }) => id);
  }

  get leaves(): string[] {
    return this.ids.filter((id) => !this.edges.some(({ source }) => source === id));
  }

  add(id: string, type: string, sources: readonly string[], data: Readonly<Record<string, string>>): void {
    const merged = sources.map((source) => this.texts.get(source)).join('\n\n');
    if (type === 'translator') this.questions.set(id, merged);
    this.texts.set(id, type === 'translator' ? `Answer to: ${merged}` : (data['text'] ?? merged));
    this.nodes.push({ id, type, data });
    this.edges.push(...sources.map((source) => ({ source, target: id })));
  }
}
