import { Body, Controller, Post } from '@nestjs/common';
import { ApiCreatedResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Idempotent } from '../../common/idempotency/idempotent.decorator.js';
import { ApiProblems } from '../../common/openapi/api-problems.decorator.js';
import type { AuthenticatedUser } from '../auth/authenticated-user.js';
import { CurrentUser } from '../auth/current-user.decorator.js';
import { ScopedByMethod } from '../auth/route-policy.js';
import { ProjectResponseDto } from '../projects/dto/project-response.dto.js';
import { CreateProjectDto } from './dto/start-swarm.dto.js';
import { SwarmStarts } from './swarm-starts.service.js';

@ApiTags('projects')
@Controller('projects')
@ScopedByMethod()
export class ProjectCreationController {
  constructor(private readonly starts: SwarmStarts) {}

  @Post()
  @Idempotent()
  @ApiOperation({
    summary: 'Create a project',
    description:
      'You become its owner. With a prompt a swarm begins to build it: `run_id` is its run. An API key then needs the scope ' +
      '`run` too.',
  })
  @ApiCreatedResponse({ type: ProjectResponseDto })
  @ApiProblems({ 403: 'CSRF, SCOPE_MISSING', 503: 'PROVIDER_NOT_CONFIGURED' })
  create(@CurrentUser() user: AuthenticatedUser, @Body() body: CreateProjectDto): Promise<ProjectResponseDto> {
    return this.starts.create(user, body);
  }
}
