/** What a thread is told to do, and what it answers. One job at a time. */
export interface JobMessage<Job> {
  readonly id: number;
  readonly job: Job;
}

/** What a job asks the server while it is done. */
export interface JobQuestion {
  readonly id: number;
  /** Which question of the job: the reply has the same number. */
  readonly number: number;
  readonly question: string;
}

export interface JobReply {
  readonly id: number;
  readonly number: number;
  readonly reply: string;
}

export type JobAnswer<Result> =
  | { readonly id: number; readonly result: Result }
  | { readonly id: number; readonly failure: { readonly code: string; readonly message: string } };
