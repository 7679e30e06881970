import type { EntityManager } from 'typeorm';

/** An alias that a person gave to a member of another's group; both may be gone. */
export interface GivenAlias {
  readonly groupId: string;
  readonly memberId: string;
  readonly alias: string;
}

/** Events of groups of others that tell of a member by a name that the person gave: `$1`. */
export const NAMINGS = `FROM event_logs e JOIN streams s ON s.id = e.stream
  WHERE s.name >= 'group:' AND s.name < 'group;' AND e.user_id IS DISTINCT FROM $1::uuid
    AND e.name LIKE 'group.member.%' AND e.payload->'member'->>'named_by' = $1::uuid::text`;
const GIVEN = `
  SELECT substr(s.name, 7)::uuid AS "groupId", (e.payload->'member'->>'id')::uuid AS "memberId",
    e.payload->'member'->>'alias' AS alias ${NAMINGS}
  UNION SELECT m.group_id, m.id, m.alias FROM group_members m JOIN groups g ON g.id = m.group_id
    WHERE g.owner_id <> $1::uuid AND m.written_by->>'alias' = $1::uuid::text
  ORDER BY 1, 2, 3`;

const IN_MESSAGES = `UPDATE group_messages SET sender_alias = $4
  WHERE group_id = $1 AND sender_member_id = $2 AND sender_alias = $3`;
const IN_EVENTS_OF_MESSAGES = `UPDATE event_logs e
  SET payload = jsonb_set(e.payload::jsonb, '{sender,alias}', to_jsonb($4::text))::json
  FROM streams s WHERE s.id = e.stream AND s.name = 'group:' || $1::uuid AND e.name = 'group.message'
    AND e.payload->'sender'->>'member_id' = $2::uuid::text AND e.payload->'sender'->>'alias' = $3`;
const IN_ROUTES = `UPDATE event_logs e SET payload = (e.payload::jsonb || jsonb_build_object(
    'actors', (SELECT coalesce(jsonb_agg(CASE actor WHEN $2 THEN $3 ELSE actor END ORDER BY n), '[]')
      FROM json_array_elements_text(e.payload->'actors') WITH ORDINALITY a (actor, n)),
    'refused', (SELECT coalesce(jsonb_agg(CASE r->>'alias' WHEN $2 THEN jsonb_set(r, '{alias}', to_jsonb($3::text))
        ELSE r END ORDER BY n), '[]')
      FROM jsonb_array_elements(e.payload::jsonb->'refused') WITH ORDINALITY x (r, n))))::json
  FROM streams s WHERE s.id = e.stream AND s.name = 'group:' || $1::uuid AND e.name = 'group.routed'
    AND e.payload->'actors' IS NOT NULL AND position(to_json($2::text)::text IN e.payload::text) > 0`;

export function aliasesGivenBy(manager: EntityManager, userId: string): Promise<GivenAlias[]> {
  return manager.query<GivenAlias[]>(GIVEN, [userId]);
}

/** Whatever was said under this alias was said under another. */
export async function replaceAlias(manager: EntityManager, given: GivenAlias, by: string): Promise<void> {
  const { groupId, memberId, alias } = given;
  await manager.query(IN_MESSAGES, [groupId, memberId, alias, by]);
  await manager.query(IN_EVENTS_OF_MESSAGES, [groupId, memberId, alias, by]);
  await manager.query(IN_ROUTES, [groupId, alias, by]);
}
