import type { ParsedDocument, TextBlock } from '../parsing/parsed-document.ts';
import { splitBlock, startWithOverlap } from './split-block.ts';
import { estimateTokens } from './token-estimate.ts';

/** A chunk has about so many tokens at most; a paragraph that is longer is split. */
export const TARGET_TOKENS = 400;
/** So much of the chunk before is repeated, where both are of one section. */
const OVERLAP_TOKENS = 40;

/** What is found, and cited: a range of the extracted text. */
export type Chunk = TextBlock;

interface Sized extends TextBlock {
  readonly tokens: number;
}

/** Cuts a document into chunks: within a section, at the ends of its paragraphs or rows. Pure. */
export function chunkDocument({ text, blocks }: ParsedDocument, isTable = false): Chunk[] {
  return sectionsOf(blocks).flatMap((section) => {
    const pieces = section.flatMap((block) => splitBlock(text, sized(text, block), TARGET_TOKENS));
    const chunks = packed(text, pieces);
    // A row stands for itself.
    return isTable ? chunks : chunks.map((chunk, index) => overlapping(text, chunk, chunks[index - 1]));
  });
}

/** Blocks in a row with the same headings, on the same page. */
function sectionsOf(blocks: readonly TextBlock[]): TextBlock[][] {
  const sections: TextBlock[][] = [];
  let last: TextBlock | undefined;
  for (const block of blocks) {
    if (last && isSameSection(last, block)) sections.at(-1)?.push(block);
    else sections.push([block]);
    last = block;
  }
  return sections;
}

function isSameSection(left: TextBlock, right: TextBlock): boolean {
  return left.page === right.page && left.headings.join('\0') === right.headings.join('\0');
}

function sized(text: string, block: TextBlock): Sized {
  return { ...block, tokens: estimateTokens(text.slice(block.start, block.end)) };
}

function packed(text: string, pieces: readonly TextBlock[]): Chunk[] {
  const chunks: Chunk[] = [];
  let open: Sized | undefined;
  for (const piece of pieces) {
    const next = sized(text, piece);
    if (open && open.tokens + next.tokens > TARGET_TOKENS) {
      chunks.push(chunkOf(open));
      open = undefined;
    }
    open = open ? { ...open, end: next.end, tokens: open.tokens + next.tokens } : next;
    if (open.tokens < TARGET_TOKENS / 2 || !isCutPoint(text, next)) continue;
    chunks.push(chunkOf(open));
    open = undefined;
  }
  return open ? [...chunks, chunkOf(open)] : chunks;
}

/**
 * Whether a chunk that is long enough ends after this piece, by what the piece says and by nothing else: after an
 * insertion the cuts fall where they fell before, so that the chunks that follow are the same.
 */
function isCutPoint(text: string, { start, end }: TextBlock): boolean {
  let hash = 0;
  for (let index = start; index < end; index++) hash = (Math.imul(hash, 31) + text.charCodeAt(index)) | 0;
  return hash % 4 === 0;
}

function overlapping(text: string, chunk: Chunk, before: Chunk | undefined): Chunk {
  return before ? { ...chunk, start: startWithOverlap(text, before, chunk, OVERLAP_TOKENS) } : chunk;
}

function chunkOf(sizedChunk: Sized): Chunk {
  const { tokens: _, ...chunk } = sizedChunk;
  return chunk;
}
