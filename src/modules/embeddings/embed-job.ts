import type { SystemRunInput } from '../execution/system/system-job.js';
import type { Portion } from './text-batch.js';

export const EMBED_JOB = 'embeddings.index';

/** What a run that makes vectors is started with: of whose texts is told by its owner and its project. */
export interface EmbedInput extends SystemRunInput {
  /** The name of a `VectorSource`. */
  readonly source: string;
}

export interface EmbedOutput {
  readonly embedded: number;
}

/** How far a run has come: through its texts in the order of their ids. */
export interface EmbedProgress {
  /** The last that was looked at; null when there was none any more. */
  readonly last: string | null;
  readonly embedded: number;
}

export interface EmbedWish {
  readonly input: EmbedInput;
  /** The text that was looked at last. */
  readonly after: string | null;
  readonly portion: Portion;
}
