import type { RecordStatements } from '../../users/stored-records.js';
import { writtenTexts } from '../../users/written-texts.js';

/** Headers, arguments and environment are sealed: they are secrets. */
export const PERSONAL_MCP_SERVERS: RecordStatements = {
  select: `SELECT id, created_at, updated_at, project_id, name, transport, url, command, args, enabled, approval, tools
    FROM mcp_servers WHERE owner_id = $1 ORDER BY id`,
  erase: ['DELETE FROM mcp_servers WHERE owner_id = $1'],
};

/** Names are what their tools are called by, and no two of a project are the same. */
export const PERSONAL_MCP_NAMES = writtenTexts('mcp_servers', { name: `'server-' || replace(id::text, '-', '')` });
