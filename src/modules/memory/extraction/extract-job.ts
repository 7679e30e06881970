import type { SystemRunInput } from '../../execution/system/system-job.js';
import type { ModelWish } from '../model/memory-model.js';
import type { Namespace } from '../namespace.js';

export const EXTRACT_JOB = 'memory.extract';

/** One message of a conversation. */
export interface SaidTurn {
  /** Its number in the conversation. */
  readonly turn: number;
  readonly speaker: string;
  readonly at: string;
  readonly content: string;
}

/** What a run that takes fragments out of a conversation is started with. */
export interface ExtractInput extends SystemRunInput {
  readonly namespace: Namespace;
  /** The run in which it was said. */
  readonly origin: {
    readonly run_id: string;
    readonly session_id: string | null;
    readonly agent_id: string | null;
  };
  /** What was said just before: it explains the turns, and nothing is taken from it. */
  readonly before: readonly SaidTurn[];
  readonly turns: readonly SaidTurn[];
  readonly model: ModelWish;
}

/** Something worth knowing, as a model took it out of a turn; or a turn itself. */
export interface Fact {
  readonly content: string;
  readonly turn: number;
  readonly tags: readonly string[];
  readonly pii: readonly string[];
  readonly importance: number;
  /** Ids of what is known and holds no longer. */
  readonly replaces: readonly string[];
}

/** What is remembered already and may say the same, or the opposite. */
export interface KnownItem {
  readonly id: string;
  readonly content: string;
  readonly at: string;
  /** It came out of a conversation, and nobody has pinned it: it may be replaced. */
  readonly is_replaceable: boolean;
  /** It has personal data that the model is not to be shown. */
  readonly is_hidden?: true;
}

export interface Extracted {
  /** `turns`: there was no model, or its answer was of no use. */
  readonly by: 'model' | 'turns';
  readonly facts: readonly Fact[];
}

export interface ExtractOutput {
  readonly by: Extracted['by'] | null;
  readonly saved: readonly string[];
  /** What holds no longer. */
  readonly replaced: readonly string[];
  /** Facts that were known. */
  readonly known: number;
  /** The namespace is gone, or not the owner's to write to any more. */
  readonly refused?: true;
}
