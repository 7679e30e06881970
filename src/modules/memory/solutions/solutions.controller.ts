import { Body, Controller, Param, Post } from '@nestjs/common';
import { ApiCreatedResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { Idempotent } from '../../../common/idempotency/idempotent.decorator.js';
import { ParseIdPipe } from '../../../common/ids/parse-id.pipe.js';
import { ApiProblems } from '../../../common/openapi/api-problems.decorator.js';
import type { AuthenticatedUser } from '../../auth/authenticated-user.js';
import { CurrentUser } from '../../auth/current-user.decorator.js';
import { ScopedByMethod } from '../../auth/route-policy.js';
import { ToolResponseDto } from '../../tools/dto/tool-response.dto.js';
import { PromoteSolutionDto } from '../dto/promote-solution.dto.js';
import { SolutionPromotions } from './solution-promotions.service.js';

@ApiTags('memory')
@Controller('memory/solutions')
@ScopedByMethod()
export class SolutionsController {
  constructor(private readonly promotions: SolutionPromotions) {}

  @Post(':id/promote')
  @Idempotent()
  @ApiOperation({
    summary: 'Make a tool of a solution',
    description:
      'Its examples are run in the sandbox with the declared permissions. When all of them pass, the next version of the tool is registered and in force.',
  })
  @ApiParam({ name: 'id', format: 'uuid' })
  @ApiCreatedResponse({ type: ToolResponseDto })
  @ApiProblems({
    400: 'INVALID_INPUT, EXAMPLES_FAILED',
    403: 'CSRF, SCOPE_MISSING, ROLE_NOT_ALLOWED',
    404: 'MEMORY_ITEM_NOT_FOUND',
    409: 'SOLUTION_NOT_PROMOTABLE, TOOL_NAME_TAKEN, TOO_MANY_PROMOTED_TOOLS',
  })
  promote(
    @CurrentUser() user: AuthenticatedUser,
    @Param('id', ParseIdPipe) id: string,
    @Body() body: PromoteSolutionDto,
  ): Promise<ToolResponseDto> {
    return this.promotions.promote(user.id, id, body);
  }
}
