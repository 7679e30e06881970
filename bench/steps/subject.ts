/** What can be driven: carries out one run of ten steps at each call, as many at once as are asked for. */
export interface Subject {
  readonly name: string;
  runOnce(): Promise<void>;
  close(): Promise<void>;
}
