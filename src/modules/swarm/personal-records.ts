import type { RecordStatements } from '../users/stored-records.js';

/** The state of the swarm that the person started last in a project, and the prompt, when it is one of the person's. */
export const PERSONAL_SWARMS: RecordStatements = {
  select: `SELECT p.id AS project_id, p.prompt, s.state, s.updated_at FROM swarms s
    JOIN projects p ON p.id = s.project_id JOIN runs r ON r.id = p.run_id WHERE r.user_id = $1 ORDER BY p.id`,
  erase: [
    `UPDATE projects p SET prompt = NULL WHERE EXISTS (SELECT 1 FROM runs r
      WHERE r.user_id = $1 AND r.kind = 'swarm' AND r.project_id = p.id AND r.input->>'prompt' = p.prompt)`,
    'DELETE FROM swarms s USING projects p, runs r WHERE p.id = s.project_id AND r.id = p.run_id AND r.user_id = $1',
  ],
};
