export const PROJECT_ROLES = ['owner', 'editor', 'viewer'] as const;
export type ProjectRole = (typeof PROJECT_ROLES)[number];

/** What one can do to a thing. `manage`: change members, and remove what others made. */
export type Action = 'read' | 'write' | 'run' | 'remove' | 'manage';

export type Permissions = ReadonlySet<Action>;

export const ALL: Permissions = new Set<Action>(['read', 'write', 'run', 'remove', 'manage']);
export const NONE: Permissions = new Set<Action>();

const OF_ROLE: Readonly<Record<ProjectRole, Permissions>> = {
  owner: ALL,
  editor: new Set<Action>(['read', 'write', 'run']),
  viewer: new Set<Action>(['read']),
};
const EDITOR_OF_OWN: Permissions = new Set<Action>(['read', 'write', 'run', 'remove']);

/**
 * What a member may do to something of the project. An editor may also remove what is the editor's own work.
 *
 * @param role undefined for whoever is no member
 */
export function permissionsOf(role: ProjectRole | undefined, isOwnWork: boolean): Permissions {
  if (role === undefined) return NONE;
  return role === 'editor' && isOwnWork ? EDITOR_OF_OWN : OF_ROLE[role];
}
