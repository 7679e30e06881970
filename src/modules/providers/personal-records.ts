import type { RecordStatements } from '../users/stored-records.js';
import { writtenTexts } from '../users/written-texts.js';

/** The keys themselves are secrets. */
export const PERSONAL_CREDENTIALS: RecordStatements = {
  select: `SELECT id, created_at, updated_at, project_id, provider_id, name, base_url, last_four
    FROM provider_credentials WHERE owner_id = $1 ORDER BY id`,
  erase: ['DELETE FROM provider_credentials WHERE owner_id = $1'],
};

export const PERSONAL_CREDENTIAL_NAMES = writtenTexts('provider_credentials', { name: `''` });

/** Their keys name the run, and a step that people have named. */
export const PERSONAL_ORDERS: RecordStatements = {
  erase: [`DELETE FROM image_orders WHERE left(idempotency_key, 36) IN (SELECT id::text FROM runs WHERE user_id = $1)`],
};
