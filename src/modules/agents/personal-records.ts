import type { RecordStatements } from '../users/stored-records.js';
import { writtenVersions } from '../users/written-versions.js';

export const PERSONAL_AGENTS: RecordStatements = {
  select: `SELECT a.*, (SELECT json_agg(v ORDER BY v.version) FROM agent_versions v WHERE v.agent_id = a.id) AS versions
    FROM agents a WHERE a.owner_id = $1 ORDER BY a.id`,
  erase: ['DELETE FROM agents WHERE owner_id = $1'],
};

export const PERSONAL_AGENT_VERSIONS = writtenVersions({
  things: 'agents',
  versions: 'agent_versions',
  key: 'agent_id',
  content: ['name', 'description', 'settings'],
});

const RUNS = 'SELECT id FROM runs WHERE user_id = $1';
const SHARED = `SELECT m.session_id FROM agent_session_messages m WHERE m.run_id IN (${RUNS})`;

/** Titles are what somebody said first. */
const TITLE = `CASE WHEN EXISTS (SELECT 1 FROM agent_session_messages m WHERE m.session_id = s.id AND m.role = 'user'
    AND m.run_id NOT IN (${RUNS}) AND starts_with(regexp_replace(m.content, '\\s+', ' ', 'g'), s.title))
  THEN s.title ELSE '' END`;

/** What the person said in conversations of others goes too, and with it the summaries that may tell of it. */
export const PERSONAL_SESSIONS: RecordStatements = {
  select: `SELECT s.*, (SELECT json_agg(m ORDER BY m.seq) FROM agent_session_messages m WHERE m.session_id = s.id
      AND (s.owner_id = $1 OR m.run_id IN (${RUNS}))) AS messages
    FROM agent_sessions s WHERE s.owner_id = $1 OR s.id IN (${SHARED}) ORDER BY s.id`,
  erase: [
    'DELETE FROM agent_sessions WHERE owner_id = $1',
    `UPDATE agent_sessions s SET title = ${TITLE}, summary = NULL, summarized_to = 0 WHERE s.id IN (${SHARED})`,
    `UPDATE agent_session_messages SET content = '' WHERE run_id IN (${RUNS})`,
  ],
};
