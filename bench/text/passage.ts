/** One answer of the model on its way to a reader, in milliseconds from the request. */
export interface Passage {
  readonly firstMs: number;
  readonly lastMs: number;
  readonly characters: number;
}
