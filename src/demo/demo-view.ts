import type { TroupeEvent } from '../../clients/typescript/src/index.js';
import type { NodeProgress } from './run-progress.js';

/** Where the demo shows what happens. */
export interface DemoView {
  /** From now on the run moves. */
  begin(): void;
  changed(event: TroupeEvent, node: NodeProgress | undefined): void;
  note(text: string): void;
  /** What follows is written below. */
  end(): void;
}

export function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}

/** Tokens of a finished node, when a model was asked. */
export function tokensOf({ output }: NodeProgress): string | undefined {
  if (!output?.usage) return undefined;
  const { input_tokens: input, output_tokens: made } = output.usage;
  return input === undefined || made === undefined ? output.usage.model : `${input} → ${made} tokens`;
}
