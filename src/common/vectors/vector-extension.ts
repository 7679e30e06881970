/** The extension `vector` of a database. */
export interface VectorExtension {
  /** Where it is, as SQL. Undefined: there is none. */
  readonly schema: string | undefined;
  /** Whether a statement failed since it is there no longer; from then on, there is none. */
  isLostBy(error: unknown): boolean;
}
