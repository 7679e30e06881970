import type { TextSource } from '../text-search/text-source.js';

/** Texts that are embedded, and where their vectors are. All of it but the name is SQL. */
export interface VectorSource extends Pick<TextSource, 'table' | 'id' | 'search'> {
  readonly name: string;
  /** The table of vectors, and its column with the id of the text. */
  readonly vectors: string;
  readonly key: string;
  /** A query of all that is embedded: `id`, `owner_id`, `project_id`, `text`. */
  readonly texts: string;
}
