import type { RecordStatements } from '../users/stored-records.js';
import { writtenTexts } from '../users/written-texts.js';

export const PERSONAL_TASKS: RecordStatements = {
  select: `SELECT t.*, (SELECT json_agg(f ORDER BY f.due_at) FROM task_fires f WHERE f.task_id = t.id) AS fires
    FROM tasks t WHERE t.owner_id = $1 ORDER BY t.id`,
  erase: ['DELETE FROM tasks WHERE owner_id = $1'],
};

export const PERSONAL_TASK_TEXTS = writtenTexts('tasks', { name: `'Untitled task'` });

const STREAMS = `SELECT id FROM streams WHERE (name >= 'task:' AND name < 'task;') OR (name >= 'user:' AND name < 'user;')`;
const NAMED = `stream IN (${STREAMS}) AND name = 'task.update' AND payload->>'named_by' = $1::uuid::text`;

/** Events of tasks of others that tell of them by a name the person gave them. */
export const PERSONAL_TASK_EVENTS: RecordStatements = {
  select: `SELECT stream, seq, name AS type, payload AS data, created_at AS at FROM event_logs WHERE ${NAMED}
    ORDER BY stream, seq`,
  erase: [`UPDATE event_logs SET payload = '{"erased":true}' WHERE ${NAMED}`],
};
