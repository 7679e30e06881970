/** A program to be evaluated: strings only, so that no object of ours is ever near it. */
export interface EvaluationJob {
  readonly code: string;
  /** JSON. */
  readonly input: string;
  readonly timeoutMs: number;
  /** Whether the program has `callTool`; what it asks for goes to whoever waits for the job. */
  readonly mayCallTools?: boolean;
  /** The sources of what it can import: `./<path>` for what stands in folders, anything else by its whole name. */
  readonly modules?: Readonly<Record<string, string>>;
}

/** What a program is told of a call that it made: JSON of this. */
export type CallReply =
  | { readonly output: unknown }
  | { readonly error: { readonly code: string; readonly message: string; readonly details?: object } };

export type Evaluation = { readonly logs: readonly string[] } & (
  | { readonly outcome: 'done'; /** JSON; absent for undefined. */ readonly output?: string }
  | { readonly outcome: 'failed' | 'timed_out' | 'too_large'; readonly message: string }
);
