import type { TextSource } from '../../../common/text-search/text-source.js';

/** Where the texts of items are. */
export const ITEM_SOURCE: TextSource = {
  table: 'memory_items',
  id: 'id',
  search: 'search',
  isTalk: true,
  length: 'length',
  thread: 'thread',
  position: 'position',
};
