import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import {
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiTags,
} from '@nestjs/swagger';
import { Idempotent } from '../../common/idempotency/idempotent.decorator.js';
import { ParseIdPipe } from '../../common/ids/parse-id.pipe.js';
import { ApiProblems } from '../../common/openapi/api-problems.decorator.js';
import type { Page } from '../../common/paging/page.js';
import type { AuthenticatedUser } from '../auth/authenticated-user.js';
import { CurrentUser } from '../auth/current-user.decorator.js';
import { ScopedByMethod } from '../auth/route-policy.js';
import { assertScope } from '../auth/scope-check.js';
import { ListTasksDto, SaveTaskDto } from './dto/save-task.dto.js';
import { TaskDetailsDto, TaskPageDto, TaskResponseDto } from './dto/task-response.dto.js';
import { TaskDetails } from './task-details.service.js';
import { TasksService } from './tasks.service.js';

/** What lets a task start runs needs the scope for that as well. */
@ApiTags('tasks')
@Controller('tasks')
@ScopedByMethod()
export class TasksController {
  constructor(
    private readonly tasks: TasksService,
    private readonly details: TaskDetails,
  ) {}

  @Post()
  @Idempotent()
  @ApiOperation({
    summary: 'Make a task',
    description: 'One that is ad hoc starts at once; the others when they are due. Its runs are started as you.',
  })
  @ApiCreatedResponse({ type: TaskResponseDto })
  @ApiProblems({
    400: 'FLOW_INVALID',
    403: 'CSRF, SCOPE_MISSING, ROLE_NOT_ALLOWED',
    404: 'PROJECT_NOT_FOUND, FLOW_NOT_FOUND, AGENT_NOT_FOUND, TOOL_NOT_FOUND',
  })
  create(@CurrentUser() user: AuthenticatedUser, @Body() body: SaveTaskDto): Promise<TaskResponseDto> {
    assertScope(user, 'run');
    return this.tasks.create(user.id, body);
  }

  @Get()
  @ApiOperation({ summary: 'List your tasks and those of your projects, newest first' })
  @ApiOkResponse({ type: TaskPageDto })
  list(@CurrentUser() user: AuthenticatedUser, @Query() query: ListTasksDto): Promise<Page<TaskResponseDto>> {
    return this.tasks.list(user.id, query);
  }

  @Get(':id')
  @ApiOperation({ summary: 'A task, with what it did and what it will do' })
  @ApiParam({ name: 'id', format: 'uuid' })
  @ApiOkResponse({ type: TaskDetailsDto })
  @ApiProblems({ 404: 'TASK_NOT_FOUND' })
  get(@CurrentUser() user: AuthenticatedUser, @Param('id', ParseIdPipe) id: string): Promise<TaskDetailsDto> {
    return this.details.get(user.id, id);
  }

  @Patch(':id')
  @ApiOperation({ summary: 'Change parts of a task', description: 'A change of its timing counts from now on.' })
  @ApiParam({ name: 'id', format: 'uuid' })
  @ApiOkResponse({ type: TaskResponseDto })
  @ApiProblems({
    403: 'CSRF, SCOPE_MISSING, ROLE_NOT_ALLOWED',
    404: 'TASK_NOT_FOUND, FLOW_NOT_FOUND, AGENT_NOT_FOUND, TOOL_NOT_FOUND',
  })
  update(
    @CurrentUser() user: AuthenticatedUser,
    @Param('id', ParseIdPipe) id: string,
    @Body() body: SaveTaskDto,
  ): Promise<TaskResponseDto> {
    assertScope(user, 'run');
    return this.tasks.update(user.id, id, body);
  }

  @Post(':id/pause')
  @HttpCode(200)
  @ApiOperation({ summary: 'Pause a task', description: 'What is due meanwhile is recorded as skipped.' })
  @ApiParam({ name: 'id', format: 'uuid' })
  @ApiOkResponse({ type: TaskResponseDto })
  @ApiProblems({ 403: 'CSRF, SCOPE_MISSING, ROLE_NOT_ALLOWED', 404: 'TASK_NOT_FOUND' })
  pause(@CurrentUser() user: AuthenticatedUser, @Param('id', ParseIdPipe) id: string): Promise<TaskResponseDto> {
    return this.tasks.pause(user.id, id);
  }

  @Post(':id/resume')
  @HttpCode(200)
  @ApiOperation({ summary: 'Let a paused task go on' })
  @ApiParam({ name: 'id', format: 'uuid' })
  @ApiOkResponse({ type: TaskResponseDto })
  @ApiProblems({ 403: 'CSRF, SCOPE_MISSING, ROLE_NOT_ALLOWED', 404: 'TASK_NOT_FOUND' })
  resume(@CurrentUser() user: AuthenticatedUser, @Param('id', ParseIdPipe) id: string): Promise<TaskResponseDto> {
    assertScope(user, 'run');
    return this.tasks.resume(user.id, id);
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({ summary: 'Remove a task with its history', description: 'Runs that it started go on.' })
  @ApiParam({ name: 'id', format: 'uuid' })
  @ApiNoContentResponse({ description: 'The task is gone' })
  @ApiProblems({ 403: 'CSRF, SCOPE_MISSING, ROLE_NOT_ALLOWED', 404: 'TASK_NOT_FOUND' })
  remove(@CurrentUser() user: AuthenticatedUser, @Param('id', ParseIdPipe) id: string): Promise<void> {
    return this.tasks.remove(user.id, id);
  }
}
