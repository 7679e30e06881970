import { Injectable } from '@nestjs/common';
import { AccessPolicy } from '../../projects/access-policy.js';
import type { ToolResponseDto } from '../../tools/dto/tool-response.dto.js';
import type { ToolDraft } from '../../tools/promoted/promoted-manifest.js';
import { ToolPromotions } from '../../tools/promoted/tool-promotions.service.js';
import type { PromoteSolutionDto } from '../dto/promote-solution.dto.js';
import { MemoryItems } from '../items/memory-items.service.js';
import { SolutionNotPromotableError } from '../memory.errors.js';
import { type CodeArtifact, type Solution, toolCodeOf } from './solution.js';

/** Makes tools of solutions: for whoever shares the solution. */
@Injectable()
export class SolutionPromotions {
  constructor(
    private readonly items: MemoryItems,
    private readonly policy: AccessPolicy,
    private readonly tools: ToolPromotions,
  ) {}

  /** @throws {MemoryItemNotFoundError} @throws {NotAllowedError} @throws {SolutionNotPromotableError} */
  async promote(userId: string, itemId: string, dto: PromoteSolutionDto): Promise<ToolResponseDto> {
    const { item, solution } = await this.items.get(userId, itemId);
    await this.policy.assertMay(userId, 'write', item);
    const { content } = codeOf(itemId, solution, dto.artifact);
    return this.tools.promote({ ownerId: userId, projectId: item.projectId }, draftOf(itemId, content, dto));
  }
}

function codeOf(itemId: string, solution: Solution | undefined, artifact: string | undefined): CodeArtifact {
  if (!solution) throw new SolutionNotPromotableError(itemId, 'it has no `solution`');
  const code = toolCodeOf(solution, artifact);
  if (code) return code;
  const reason =
    artifact === undefined
      ? 'it has none or several artefacts in JavaScript: say which by `artifact`'
      : `it has no artefact ${artifact} in JavaScript`;
  throw new SolutionNotPromotableError(itemId, reason);
}

function draftOf(solutionId: string, code: string, dto: PromoteSolutionDto): ToolDraft {
  return {
    name: `${dto.domain}/${dto.name}`,
    description: dto.description,
    inputSchema: dto.input_schema,
    outputSchema: dto.output_schema ?? null,
    permissions: dto.permissions ?? [],
    timeoutSeconds: dto.timeout_sec ?? 10,
    sideEffects: dto.side_effects ?? 'none',
    approval: dto.approval ?? 'never',
    solutionId,
    code,
    examples: dto.examples.map(({ input, expected_output }) => ({ input, expected_output })),
  };
}
