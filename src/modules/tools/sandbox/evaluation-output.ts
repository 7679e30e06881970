import { ToolFailure } from '../tool.js';
import type { Evaluation } from './evaluation.js';

const CODES = { failed: 'CODE_FAILED', timed_out: 'TOOL_TIMED_OUT', too_large: 'OUTPUT_TOO_LARGE' } as const;
const MAX_INPUT_CHARS = 1_000_000;

/** What a program is given. @throws {ToolFailure} INPUT_TOO_LARGE */
export function inputText(input: unknown): string {
  const json = JSON.stringify(input);
  if (json.length <= MAX_INPUT_CHARS) return json;
  throw new ToolFailure('INPUT_TOO_LARGE', `The input has more than ${MAX_INPUT_CHARS} characters as JSON`);
}

/** Null for undefined. @throws {ToolFailure} what became of the program, where it gave no value */
export function resultOf(evaluation: Evaluation): unknown {
  if (evaluation.outcome === 'done') {
    return evaluation.output === undefined ? null : (JSON.parse(evaluation.output) as unknown);
  }
  const { logs } = evaluation;
  throw new ToolFailure(CODES[evaluation.outcome], evaluation.message, { details: { logs } });
}
