import type { EntityManager } from 'typeorm';

/** An alias that a person gave to a member of another's group; both may be gone. */
export interface GivenAlias {
  readonly groupId: string;
  readonly memberId: string;
  readonly alias: string;
}

/** Whether an event may tell of it: to look for it in the text costs far less than to read the JSON. */
const mentions = (what: string): string => `position(${what} IN e.payload::text) > 0`;

/** Events of groups of others that tell of a member by a name that the person gave: `$1`. */
export const NAMINGS = `FROM event_logs e JOIN streams s ON s.id = e.stream
  WHERE s.name >= 'group:' AND s.name < 'group;' AND e.user_id IS DISTINCT FROM $1::uuid
    AND e.name LIKE 'group.member.%' AND ${mentions('$1::uuid::text')}
    AND e.payload->'member'->>'named_by' = $1::uuid::text`;
const GIVEN = `
  SELECT substr(s.name, 7)::uuid AS "groupId", (e.payload->'member'->>'id')::uuid AS "memberId",
    e.payload->'member'->>'alias' AS alias ${NAMINGS}
  UNION SELECT m.group_id, m.id, m.alias FROM group_members m JOIN groups g ON g.id = m.group_id
    WHERE g.owner_id <> $1::uuid AND m.written_by->>'alias' = $1::uuid::text
  ORDER BY 1, 2, 3`;

const REPLACED =
  'unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[]) AS g (group_id, member_id, alias, replacement)';
const IN_MESSAGES = `UPDATE group_messages m SET sender_alias = g.replacement FROM ${REPLACED}
  WHERE m.group_id = g.group_id AND m.sender_member_id = g.member_id AND m.sender_alias = g.alias`;
const IN_EVENTS_OF_MESSAGES = `UPDATE event_logs e
  SET payload = jsonb_set(e.payload::jsonb, '{sender,alias}', to_jsonb(g.replacement))::json
  FROM ${REPLACED} JOIN streams s ON s.name = 'group:' || g.group_id
  WHERE e.stream = s.id AND e.name = 'group.message' AND ${mentions('g.member_id::text')}
    AND e.payload->'sender'->>'member_id' = g.member_id::text AND e.payload->'sender'->>'alias' = g.alias`;
// One event may name several of them.
const IN_ROUTES = `WITH replaced AS (
    SELECT s.id AS stream, jsonb_object_agg(g.alias, g.replacement) AS names
    FROM ${REPLACED} JOIN streams s ON s.name = 'group:' || g.group_id GROUP BY s.id)
  UPDATE event_logs e SET payload = (e.payload::jsonb || jsonb_build_object(
    'actors', (SELECT coalesce(jsonb_agg(coalesce(g.names->>actor, actor) ORDER BY n), '[]')
      FROM json_array_elements_text(e.payload->'actors') WITH ORDINALITY a (actor, n)),
    'refused', (SELECT coalesce(jsonb_agg(r || jsonb_build_object('alias', coalesce(g.names->>(r->>'alias'), r->>'alias'))
        ORDER BY n), '[]')
      FROM jsonb_array_elements(e.payload::jsonb->'refused') WITH ORDINALITY x (r, n))))::json
  FROM replaced g WHERE e.stream = g.stream AND e.name = 'group.routed' AND e.payload->'actors' IS NOT NULL
    AND EXISTS (SELECT 1 FROM jsonb_object_keys(g.names) AS alias WHERE ${mentions('to_json(alias)::text')})`;

export function aliasesGivenBy(manager: EntityManager, userId: string): Promise<GivenAlias[]> {
  return manager.query<GivenAlias[]>(GIVEN, [userId]);
}

/** Whatever was said under these aliases was said under others. All at once: there may be many, and many events. */
export async function replaceAliases(
  manager: EntityManager,
  given: readonly GivenAlias[],
  replacementOf: (memberId: string) => string,
): Promise<void> {
  const columns = [
    given.map(({ groupId }) => groupId),
    given.map(({ memberId }) => memberId),
    given.map(({ alias }) => alias),
    given.map(({ memberId }) => replacementOf(memberId)),
  ];
  for (const statement of [IN_MESSAGES, IN_EVENTS_OF_MESSAGES, IN_ROUTES]) await manager.query(statement, columns);
}
