import type { RunReport } from '../run-report.js';

/** What was remembered of a run: how often each of its messages, by their number in the conversation. */
export interface Remembered {
  readonly runId: string;
  readonly turn: number;
}

const EXTRACT = 'memory.extract';
/** The instruction and the answer: no model tells anything of them here. */
const TURNS = 2;

export function isExtraction({ input }: RunReport): boolean {
  return (input as { job?: string }).job === EXTRACT;
}

/** Each conversation is remembered by one run, which keeps each of its messages once. */
export function memoryFaults(
  agents: readonly RunReport[],
  extractions: readonly RunReport[],
  remembered: readonly Remembered[],
): string[] {
  return agents.filter(isRoot).flatMap(({ id }) => {
    const runs = extractions.filter(({ input }) => originOf(input) === id);
    const turns = remembered.filter(({ runId }) => runId === id).map(({ turn }) => turn);
    const isWhole = turns.length === TURNS && new Set(turns).size === TURNS;
    return [
      ...(runs.length === 1 && runs[0]?.status === 'completed' ? [] : [`${id} was read by ${runs.length} runs`]),
      ...(isWhole ? [] : [`${id}: remembered the messages ${turns.join(', ')}`]),
    ];
  });
}

/** Delegates remember nothing. */
function isRoot({ input }: RunReport): boolean {
  return (input as { chain?: unknown }).chain === undefined;
}

function originOf(input: unknown): string {
  return (input as { origin: { run_id: string } }).origin.run_id;
}
