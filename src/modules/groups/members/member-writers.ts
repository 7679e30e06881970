import { type Writers, writersAfter } from '../../users/written-texts.js';
import { DEFAULT_SETTINGS, type GroupMember } from '../entities/group-member.entity.js';

type Texts = Pick<GroupMember, 'alias' | 'settings'>;

/** Who wrote the texts of a member last, after a change of it. Pure. */
export function writersOfMember(userId: string, before: Texts & Pick<GroupMember, 'writtenBy'>, after: Texts): Writers {
  return writersAfter(userId, { ...textsOf(before), writtenBy: before.writtenBy }, textsOf(after));
}

/** Of a new one. An alias that nobody gave, such as one made of a user name, is written by nobody. Pure. */
export function firstWriters(userId: string, given: string | undefined, member: Texts): Writers {
  const alias = given === undefined ? member.alias : '';
  return writersOfMember(userId, { alias, settings: DEFAULT_SETTINGS, writtenBy: {} }, member);
}

function textsOf({ alias, settings }: Texts) {
  return { alias, role_prompt: settings.role_prompt };
}
