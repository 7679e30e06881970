import type { VectorSource } from '../../../common/vectors/vector-source.js';
import { ITEM_SOURCE } from './item-source.js';

/** Of what vectors of items are made. What an erasure has emptied has none. */
export const ITEM_VECTORS: VectorSource = {
  ...ITEM_SOURCE,
  name: 'memory',
  vectors: 'memory_vectors',
  key: 'item_id',
  texts: `SELECT id, owner_id, project_id, concat_ws(': ', speaker, content) AS text FROM memory_items WHERE content <> ''`,
};
