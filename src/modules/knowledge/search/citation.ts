import type { FoundChunkDto } from '../dto/search.dto.js';
import type { FoundChunk } from './knowledge-search.service.js';

/** Decimals of a score: more say nothing. */
const PRECISION = 1e4;

/** A chunk as clients and models are shown it. */
export function toCitation({ documentId, start, end, score, scores, ...chunk }: FoundChunk): FoundChunkDto {
  const { title, text, headings, page } = chunk;
  const { text: byText, vector } = scores;
  const parts = { text: rounded(byText), ...(vector !== undefined && { vector: rounded(vector) }) };
  const position = { start, end };
  return { document_id: documentId, title, position, text, score: rounded(score), scores: parts, headings, page };
}

function rounded(score: number): number {
  return Math.round(score * PRECISION) / PRECISION;
}
