import type { RecordStatements } from '../users/stored-records.js';
import { writtenTexts } from '../users/written-texts.js';

export const PERSONAL_CHARACTERS: RecordStatements = {
  select: 'SELECT * FROM characters WHERE owner_id = $1 ORDER BY id',
  erase: ['DELETE FROM characters WHERE owner_id = $1'],
};

export const PERSONAL_CHARACTER_TEXTS = writtenTexts('characters', {
  name: `'Untitled character'`,
  description: `''`,
  image: 'NULL',
});
