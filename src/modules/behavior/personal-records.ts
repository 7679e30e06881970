import type { RecordStatements } from '../users/stored-records.js';

/** Of projects whose rules the person has changed: each rule, as it reads, with whoever was the first to write it so. */
const WRITTEN = `SELECT DISTINCT ON (v.profile_id, r.words) v.profile_id, r.words, v.author_id
  FROM behavior_versions v JOIN behavior_profiles p ON p.id = v.profile_id AND p.kind = 'project',
    LATERAL (SELECT e::jsonb - '{priority,enabled,expires_at}'::text[] AS words FROM json_array_elements(v.rules) e) r
  WHERE EXISTS (SELECT 1 FROM behavior_versions own WHERE own.profile_id = p.id AND own.author_id = $1)
  ORDER BY v.profile_id, r.words, v.version`;
const LEFT = `SELECT coalesce(json_agg(e.rule ORDER BY e.place), '[]') FROM json_array_elements(v.rules)
    WITH ORDINALITY AS e (rule, place)
  WHERE NOT EXISTS (SELECT 1 FROM theirs t WHERE t.profile_id = v.profile_id
    AND t.words = e.rule::jsonb - '{priority,enabled,expires_at}'::text[])`;

/** The rules of a project stay without those that the person wrote, in all versions; who made these is left as an id. */
export const PERSONAL_RULES: RecordStatements = {
  select: `SELECT p.*, (SELECT json_agg(v ORDER BY v.version) FROM behavior_versions v
      WHERE v.profile_id = p.id AND (p.user_id = $1 OR v.author_id = $1)) AS versions
    FROM behavior_profiles p WHERE p.user_id = $1 OR (p.kind = 'project'
      AND EXISTS (SELECT 1 FROM behavior_versions v WHERE v.profile_id = p.id AND v.author_id = $1)) ORDER BY p.id`,
  erase: [
    'DELETE FROM behavior_profiles WHERE user_id = $1',
    `UPDATE behavior_versions v SET rules = (WITH theirs AS (
        SELECT w.profile_id, w.words FROM (${WRITTEN}) w WHERE w.author_id = $1) ${LEFT})
      WHERE v.profile_id IN (SELECT w.profile_id FROM (${WRITTEN}) w WHERE w.author_id = $1)`,
  ],
};
