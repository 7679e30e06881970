import type { MemoryFields } from '../items/memory-draft.js';
import type { Namespace } from '../namespace.js';
import type { SaveMemoryDto, UpdateMemoryDto } from './save-memory.dto.js';
import { type Solution, searchedText } from '../solutions/solution.js';
import type { SolutionDto } from './solution.dto.js';

/** A content that is missing has been refused, unless there is a solution to make it of. */
export function toFields(dto: SaveMemoryDto): MemoryFields {
  const { content = '', ...changes } = toChanges(dto);
  return { ...changes, kind: dto.kind ?? (dto.solution ? 'solution' : 'user_data'), content };
}

export function toChanges({ expires_at: expiresAt, ...fields }: UpdateMemoryDto): Partial<MemoryFields> {
  const { tags, metadata, pii, importance, pinned } = fields;
  const solution = fields.solution && solutionOf(fields.solution);
  const content = fields.content ?? (solution && searchedText(solution));
  return {
    ...(content !== undefined && { content }),
    ...(solution && { solution }),
    ...(tags !== undefined && { tags }),
    ...(metadata !== undefined && { metadata }),
    ...(pii !== undefined && { pii }),
    ...(importance !== undefined && { importance }),
    ...(pinned !== undefined && { pinned }),
    ...(expiresAt !== undefined && { expiresAt: expiresAt === null ? null : new Date(expiresAt) }),
  };
}

function solutionOf({ problem, approach, artifacts, outcome }: SolutionDto): Solution {
  const kept = (artifacts ?? []).map(({ name, language, content }) => ({ name, language, content }));
  return { problem, approach, artifacts: kept, outcome: outcome ?? '' };
}

export function toNamespace(userId: string, { namespace }: SaveMemoryDto): Namespace {
  return namespace ? { scope: namespace.scope, id: namespace.id.toLowerCase() } : { scope: 'user', id: userId };
}
