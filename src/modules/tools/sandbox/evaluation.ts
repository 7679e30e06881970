/** A program to be evaluated: strings only, so that no object of ours is ever near it. */
export interface EvaluationJob {
  readonly code: string;
  /** JSON. */
  readonly input: string;
  readonly timeoutMs: number;
  /** The sources of what it can import: `./<path>` for what stands in folders, anything else by its whole name. */
  readonly modules?: Readonly<Record<string, string>>;
}

export type Evaluation = { readonly logs: readonly string[] } & (
  | { readonly outcome: 'done'; /** JSON; absent for undefined. */ readonly output?: string }
  | { readonly outcome: 'failed' | 'timed_out' | 'too_large'; readonly message: string }
);
