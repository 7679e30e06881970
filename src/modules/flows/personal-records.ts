import type { RecordStatements } from '../users/stored-records.js';
import { writtenVersions } from '../users/written-versions.js';

export const PERSONAL_FLOWS: RecordStatements = {
  select: `SELECT f.*, (SELECT json_agg(v ORDER BY v.version) FROM flow_versions v WHERE v.flow_id = f.id) AS versions
    FROM flows f WHERE f.owner_id = $1 ORDER BY f.id`,
  erase: ['DELETE FROM flows WHERE owner_id = $1'],
};

export const PERSONAL_FLOW_VERSIONS = writtenVersions({
  things: 'flows',
  versions: 'flow_versions',
  key: 'flow_id',
  content: ['name', 'description', 'nodes', 'edges', 'viewport', 'provider_id'],
});
