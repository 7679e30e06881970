import type { RecordStatements } from '../../users/stored-records.js';

const SPOKEN_IN = 'SELECT group_id FROM group_messages WHERE sender_user_id = $1';

/** All who write to a room lock it first: whoever says something meanwhile has done so before, or is no member any more. */
export const LOCK_GROUPS = `SELECT g.id FROM groups g WHERE g.owner_id = $1::uuid
    OR g.written_by->>'name' = $1::uuid::text OR g.id IN (${SPOKEN_IN})
    OR g.id IN (SELECT m.group_id FROM group_members m WHERE m.user_id = $1 OR m.written_by->>'alias' = $1::uuid::text
      OR m.written_by->>'role_prompt' = $1::uuid::text)
  ORDER BY g.id FOR UPDATE`;

/** Events of rooms are their owners', and outlast the rooms; these tell what the person said, or of the person. */
const TELLS_OF = `(e.name = 'group.message' AND e.payload->'sender'->>'user_id' = $1::uuid::text)
  OR (e.name LIKE 'group.member.%' AND e.payload->'member'->>'user_id' = $1::uuid::text)`;

/** What the person said in rooms of others goes too, and with it the summaries that may tell of it. */
export const PERSONAL_GROUPS: RecordStatements = {
  select: `SELECT g.*, (SELECT json_agg(m ORDER BY m.created_at) FROM group_members m WHERE m.group_id = g.id
      AND (g.owner_id = $1 OR m.user_id = $1)) AS members,
    (SELECT json_agg(m ORDER BY m.seq) FROM group_messages m WHERE m.group_id = g.id
      AND (g.owner_id = $1 OR m.sender_user_id = $1)) AS messages
    FROM groups g WHERE g.owner_id = $1 OR g.id IN (${SPOKEN_IN}) ORDER BY g.id`,
  erase: [
    'DELETE FROM groups WHERE owner_id = $1',
    `UPDATE event_logs e SET payload = '{"erased":true}' FROM streams s WHERE s.id = e.stream
      AND s.name >= 'group:' AND s.name < 'group;' AND position($1::uuid::text IN e.payload::text) > 0
      AND (${TELLS_OF})`,
    `UPDATE group_members SET summary = NULL, summarized_to = 0 WHERE group_id IN (${SPOKEN_IN})`,
    `UPDATE group_messages SET content = '', sender_alias = 'erased', mentions = '{}' WHERE sender_user_id = $1`,
    'DELETE FROM group_members WHERE user_id = $1',
  ],
};
