import { DATA_RULE, dataBlock } from '../../providers/data-block.js';
import type { ModelRequest } from '../../providers/model-provider.js';
import { MAX_ORIGINAL_CHARS } from './summary-batches.js';

/** An original as it is shown. */
export interface ShownOriginal {
  readonly content: string;
  readonly speaker: string | null;
  readonly at: string;
}

const MAX_OUTPUT_TOKENS = 1_500;
const MAX_SENTENCE_CHARS = 240;
const MAX_EXTRACT_CHARS = 4_000;
const DAY_CHARS = 10;

const TASK = `Summarise what is remembered, so that it can stand for the originals: keep names, numbers, dates, decisions, \
preferences and what is still open, and leave out what is said twice. Of two that contradict each other keep the newer. \
Write at most 400 words, in the language of the originals, without an introduction.`;

/** Pure. */
export function summaryRequest(originals: readonly ShownOriginal[]): Omit<ModelRequest, 'model'> {
  const text = originals.map(
    ({ content, speaker, at }) => `[${labelOf(speaker, at)}] ${content.slice(0, MAX_ORIGINAL_CHARS).toWellFormed()}`,
  );
  return {
    messages: [
      { role: 'system', content: `${TASK}\n\n${DATA_RULE}` },
      { role: 'user', content: dataBlock('memory', text.join('\n\n')) },
    ],
    maxOutputTokens: MAX_OUTPUT_TOKENS,
  };
}

/** What stands for the originals where no model is to be had: the first sentence of each, as many as there is room for. Pure. */
export function extractOf(originals: readonly ShownOriginal[]): string {
  const most = Math.max(40, Math.min(MAX_SENTENCE_CHARS, Math.floor(MAX_EXTRACT_CHARS / originals.length)));
  const lines = originals.map(({ content, speaker, at }) => `[${labelOf(speaker, at)}] ${beginningOf(content, most)}`);
  return [...new Set(lines)].join('\n');
}

function beginningOf(content: string, most: number): string {
  const plain = content.replaceAll(/\s+/g, ' ').trim();
  const end = plain.search(/[.!?。！？](?:\s|$)/u);
  const sentence = end === -1 ? plain : plain.slice(0, end + 1);
  return sentence.length <= most ? sentence : `${sentence.slice(0, most).toWellFormed()}…`;
}

function labelOf(speaker: string | null, at: string): string {
  const day = at.slice(0, DAY_CHARS);
  return speaker === null ? day : `${day}, ${speaker}`;
}
