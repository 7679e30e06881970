import {
  type FailureInfo,
  RecordedFailure,
  type RunContext,
  type RunEvent,
  RunFailure,
  type StepContext,
} from '../../../engine/index.js';
import type { DocumentToIndex } from './document-index.js';
import type { IndexInput, IndexOutput, IndexProgress } from './index-job.js';

export interface ExtractedText extends IndexProgress {
  readonly language: string;
}

/** What the work is done by. Where one answers null, the revision is not the document's any more. */
export interface IndexPorts {
  begin(tx: unknown, input: IndexInput): Promise<DocumentToIndex | null>;
  /** Reads and cuts the document. */
  extract(input: IndexInput, document: DocumentToIndex, step: StepContext): Promise<ExtractedText | null>;
  /** Indexes some more chunks. */
  indexSome(tx: unknown, input: IndexInput, document: DocumentToIndex, language: string): Promise<IndexProgress | null>;
  finish(tx: unknown, input: IndexInput, document: DocumentToIndex, language: string): Promise<boolean>;
  fail(tx: unknown, input: IndexInput, failure: FailureInfo): Promise<void>;
}

const EXTRACT = { retry: { maxAttempts: 5 } };

/** The program of runs that index one revision of a document. */
export async function indexDocument(ctx: RunContext, input: IndexInput, ports: IndexPorts): Promise<IndexOutput> {
  try {
    const progress = await indexed(ctx, input, ports);
    const { document_id, revision } = input;
    return progress ? { document_id, revision, ...progress } : { document_id, revision, superseded: true };
  } catch (error) {
    if (!(error instanceof RecordedFailure)) throw error;
    await ctx.transact('fail', (tx) => ports.fail(tx, input, error.info));
    throw new RunFailure(error.info);
  }
}

async function indexed(ctx: RunContext, input: IndexInput, ports: IndexPorts): Promise<IndexProgress | null> {
  const document = await ctx.transact('begin', (tx) => ports.begin(tx, input));
  if (!document) return null;
  const extracted = await ctx.step('extract', (step) => ports.extract(input, document, step), EXTRACT);
  if (!extracted) return null;
  const { language, ...counts } = extracted;
  const told = (progress: IndexProgress | null) => (progress ? [progressEvent(ctx, input, progress)] : []);
  let progress: IndexProgress | null = counts;
  ctx.emit('extracted', progressEvent(ctx, input, progress));
  for (let batch = 1; progress && progress.indexed + progress.kept < progress.chunks; batch++) {
    progress = await ctx.transact(`index:${batch}`, (tx) => ports.indexSome(tx, input, document, language), {
      events: told,
    });
  }
  if (!progress) return null;
  return (await ctx.transact('finish', (tx) => ports.finish(tx, input, document, language))) ? progress : null;
}

function progressEvent({ runId }: RunContext, input: IndexInput, { chunks, indexed, kept }: IndexProgress): RunEvent {
  return {
    type: 'knowledge.progress',
    data: { run_id: runId, document_id: input.document_id, chunks, indexed, kept },
  };
}
