import type { RecordStatements } from '../../users/stored-records.js';

const WRITTEN_BY = `EXISTS (SELECT 1 FROM promoted_tool_versions v WHERE v.tool_id = t.id AND v.author_id = $1)`;
const OTHERS = 'v.author_id IS DISTINCT FROM $1';

/** What a person wrote goes, also from the tools of projects: the newest that others wrote is in force then, if any. */
export const PERSONAL_TOOLS: RecordStatements = {
  select: `SELECT t.id, t.name, t.project_id, t.version = v.version AS in_force, v.version, v.created_at, v.solution_id,
      v.description, v.input_schema, v.output_schema, v.permissions, v.timeout_seconds, v.side_effects, v.approval,
      v.code, v.examples
    FROM promoted_tools t JOIN promoted_tool_versions v ON v.tool_id = t.id
    WHERE (t.owner_id = $1 AND t.project_id IS NULL) OR v.author_id = $1 ORDER BY t.id, v.version`,
  erase: [
    `DELETE FROM promoted_tools t WHERE (owner_id = $1 AND project_id IS NULL) OR (${WRITTEN_BY}
      AND NOT EXISTS (SELECT 1 FROM promoted_tool_versions v WHERE v.tool_id = t.id AND ${OTHERS}))`,
    `UPDATE promoted_tools t SET version = (
        SELECT max(v.version) FROM promoted_tool_versions v WHERE v.tool_id = t.id AND ${OTHERS})
      WHERE EXISTS (SELECT 1 FROM promoted_tool_versions v
        WHERE v.tool_id = t.id AND v.version = t.version AND v.author_id = $1)`,
    'DELETE FROM promoted_tool_versions WHERE author_id = $1',
  ],
};
