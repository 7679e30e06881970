import type { RecordStatements } from '../users/stored-records.js';
import { writtenTexts } from '../users/written-texts.js';

/** Whoever removes a project locks it before all that is in it. What others add to it meanwhile need not wait. */
export const LOCK_PROJECTS = `SELECT p.id FROM projects p WHERE p.written_by::text LIKE '%' || $1::uuid || '%'
    OR p.id IN (SELECT m.project_id FROM project_members m WHERE m.user_id = $1::uuid)
  ORDER BY p.id FOR NO KEY UPDATE`;

/** Those of nobody else go with all that is in them; others stay without what the person wrote into them. */
export const PERSONAL_PROJECTS: RecordStatements = {
  select: `SELECT p.*, m.role FROM projects p JOIN project_members m ON m.project_id = p.id
    WHERE m.user_id = $1 ORDER BY p.id`,
  erase: [
    `DELETE FROM projects p USING project_members mine WHERE mine.project_id = p.id AND mine.user_id = $1
      AND NOT EXISTS (SELECT 1 FROM project_members o WHERE o.project_id = p.id AND o.user_id <> $1)`,
  ],
};

export const PERSONAL_PROJECT_TEXTS = writtenTexts('projects', {
  name: `'Untitled project'`,
  description: `''`,
  roles: `'{}'`,
});
