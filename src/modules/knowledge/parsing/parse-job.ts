import { createHash } from 'node:crypto';
import { JobFailure } from '../../tools/workers/serve-jobs.ts';
import { type Chunk, chunkDocument } from '../chunking/chunk-blocks.ts';
import { languageOf } from '../chunking/language.ts';
import type { DocumentFormat, ParsedDocument } from './parsed-document.ts';

/** What a process that parses is given. */
export interface ParseJob {
  readonly bytes: Uint8Array;
  readonly format: DocumentFormat;
  /** It is searched with each chunk. */
  readonly title: string;
  readonly maxChunks: number;
}

export interface FoundChunk extends Chunk {
  /** Of all that is indexed of the chunk. */
  readonly hash: string;
  readonly words: number;
}

export interface ParsedText {
  readonly text: string;
  readonly language: string;
  readonly chunks: readonly FoundChunk[];
}

type Parse = (bytes: Uint8Array) => ParsedDocument | Promise<ParsedDocument>;

/** A library is read when it is first needed. */
const PARSERS: Readonly<Record<DocumentFormat, () => Promise<Parse>>> = {
  text: async () => (await import('./parse-text.ts')).parseText,
  markdown: async () => (await import('./parse-markdown.ts')).parseMarkdown,
  html: async () => (await import('./parse-html.ts')).parseHtml,
  pdf: async () => (await import('./parse-pdf.ts')).parsePdf,
  csv: async () => (await import('./parse-csv.ts')).parseCsv,
};

/** @throws {JobFailure} DOCUMENT_TOO_COMPLEX, DOCUMENT_TOO_LONG, DOCUMENT_UNREADABLE, DOCUMENT_ENCRYPTED, DOCUMENT_EMPTY */
export async function parseDocument({ bytes, format, title, maxChunks }: ParseJob): Promise<ParsedText> {
  const parse = await PARSERS[format]();
  const parsed = await Promise.resolve(bytes).then(parse).catch(tooComplex);
  const chunks = chunkDocument(parsed, format === 'csv');
  if (chunks.length === 0) throw new JobFailure('DOCUMENT_EMPTY', 'There is no text in the document');
  if (chunks.length > maxChunks) {
    throw new JobFailure('DOCUMENT_TOO_LONG', `The document has more than ${maxChunks} chunks`);
  }
  const { text } = parsed;
  const language = languageOf(text);
  return {
    text,
    language,
    chunks: chunks.map((chunk) => found(chunk, text.slice(chunk.start, chunk.end), title, language)),
  };
}

/** What is nested deeper than the stack goes, as what takes too much memory. */
function tooComplex(error: unknown): never {
  if (!(error instanceof RangeError)) throw error;
  throw new JobFailure('DOCUMENT_TOO_COMPLEX', 'The document is nested too deeply to be read');
}

function found(chunk: Chunk, text: string, title: string, language: string): FoundChunk {
  const indexed = [title, language, chunk.headings.join('\0'), text].join('\0');
  const hash = createHash('sha256').update(indexed).digest('hex');
  return { ...chunk, hash, words: text.split(/\s+/).filter(Boolean).length };
}
