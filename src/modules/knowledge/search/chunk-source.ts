import type { TextSource } from '../../../common/text-search/text-source.js';
import type { VectorSource } from '../../../common/vectors/vector-source.js';

/** Where the chunks of documents are. */
export const CHUNKS: TextSource = {
  table: 'knowledge_chunks',
  id: 'id',
  search: 'lexemes',
  isTalk: false,
  length: 'word_count',
  thread: 'document_id::text',
  position: 'ordinal',
};

/** Of what vectors of chunks are made: of what is indexed of them. */
export const CHUNK_VECTORS: VectorSource = {
  ...CHUNKS,
  name: 'knowledge',
  vectors: 'knowledge_vectors',
  key: 'chunk_id',
  texts: `SELECT c.id, d.owner_id, d.project_id, concat_ws(' ', d.title, array_to_string(c.headings, ' '), c.content) AS text
    FROM knowledge_chunks c JOIN knowledge_documents d ON d.id = c.document_id AND d.indexed_revision = c.revision`,
};
