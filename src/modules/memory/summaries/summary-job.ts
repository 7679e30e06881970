import type { SystemRunInput } from '../../execution/system/system-job.js';
import type { Owned } from '../../projects/access-policy.js';
import type { Namespace } from '../namespace.js';

export const SUMMARIZE_JOB = 'memory.summarize';
export const COMPRESS_JOB = 'memory.compress';
export const REBUILD_JOB = 'memory.rebuild';

/** What is to be summarised: items by name, a namespace, or what is remembered of a conversation. */
export type SummaryWish =
  | { readonly ids: readonly string[] }
  | { readonly namespace: Namespace; readonly older_than?: string }
  | { readonly session_id: string };

export interface SummarizeInput extends SystemRunInput {
  readonly job: typeof SUMMARIZE_JOB | typeof COMPRESS_JOB;
  readonly wish: SummaryWish;
}

export interface RebuildInput extends SystemRunInput {
  readonly summary_id: string;
}

/** One that goes into a summary, with what batches are made by. */
export interface Original {
  readonly id: string;
  readonly chars: number;
  /** Of a summary: how many summaries stand above each other up to it. Of anything else: 0. */
  readonly level: number;
}

/** What is summarised together: what is of one namespace, and of the same people. */
export interface OriginalGroup extends Owned {
  readonly namespace: Namespace;
  readonly originals: readonly Original[];
}

export interface ChosenOriginals {
  readonly groups: readonly OriginalGroup[];
  /** Beyond what one run does, or with personal data that no model is to see. */
  readonly left_out: number;
}

/** As an original was read: when it changes later, the summary is stale. */
export interface ReadOriginal {
  readonly id: string;
  readonly updated_at: string;
}

export interface WrittenSummary {
  readonly text: string;
  /** `extract`: without a model, the beginnings of the originals. */
  readonly method: 'model' | 'extract';
  readonly originals: readonly ReadOriginal[];
}

export interface SummarizeOutput {
  /** Of the topmost levels. */
  readonly summaries: readonly string[];
  /** On all levels. */
  readonly made: number;
  readonly summarized: number;
  readonly left_out: number;
}

export interface RebuildOutput {
  readonly summary_id: string;
  readonly outcome: 'rebuilt' | 'removed' | 'waiting' | 'refused';
}
