/** Results too large for a journal row. */
export interface BlobStore {
  /** Answers the id. The blob belongs to the run and goes with it. */
  put(runId: string, content: string): Promise<string>;
  /** @throws {Error} when absent */
  get(runId: string, id: string): Promise<string>;
}
