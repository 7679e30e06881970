import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { Idempotent } from '../../common/idempotency/idempotent.decorator.js';
import { ParseIdPipe } from '../../common/ids/parse-id.pipe.js';
import { ApiProblems } from '../../common/openapi/api-problems.decorator.js';
import type { Page } from '../../common/paging/page.js';
import { ForRealms, NeedsScope } from '../auth/route-policy.js';
import { type AuditEntryDto, AuditPageDto } from './dto/audit-entry.dto.js';
import {
  ListAllRunsDto,
  ListAuditDto,
  ListUsersDto,
  NotificationDto,
  NotifyDto,
  OperatorRunDto,
  OperatorRunPageDto,
  type OperatorRunSummaryDto,
  OperatorUserDto,
  OperatorUserPageDto,
} from './dto/operator-views.dto.js';
import { SystemStateDto } from './dto/system-state.dto.js';
import { NotificationsService } from './notifications.service.js';
import { OperatorRunsService } from './operator-runs.service.js';
import { OperatorUsersService } from './operator-users.service.js';
import { SystemService } from './system.service.js';

/** What operators see and do. */
@ApiTags('backoffice')
@Controller('backoffice')
@ForRealms('backoffice')
@NeedsScope('session')
export class BackofficeController {
  constructor(
    private readonly users: OperatorUsersService,
    private readonly runs: OperatorRunsService,
    private readonly system: SystemService,
    private readonly notifications: NotificationsService,
  ) {}

  @Get('users')
  @ApiOperation({ summary: 'List all users, newest first' })
  @ApiOkResponse({ type: OperatorUserPageDto })
  listUsers(@Query() query: ListUsersDto): Promise<Page<OperatorUserDto>> {
    return this.users.list(query);
  }

  @Post('users/:id/deactivate')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Shut a user out',
    description: 'Sessions end and API keys stop working everywhere within a second.',
  })
  @ApiParam({ name: 'id', format: 'uuid' })
  @ApiOkResponse({ type: OperatorUserDto })
  @ApiProblems({ 404: 'USER_NOT_FOUND' })
  deactivate(@Param('id', ParseIdPipe) id: string): Promise<OperatorUserDto> {
    return this.users.deactivate(id);
  }

  @Post('users/:id/reactivate')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Let a user in again',
    description: 'API keys work again; sessions have to be opened anew.',
  })
  @ApiParam({ name: 'id', format: 'uuid' })
  @ApiOkResponse({ type: OperatorUserDto })
  @ApiProblems({ 404: 'USER_NOT_FOUND' })
  reactivate(@Param('id', ParseIdPipe) id: string): Promise<OperatorUserDto> {
    return this.users.reactivate(id);
  }

  @Get('runs')
  @ApiOperation({ summary: 'List the runs of everybody, newest first', description: 'Without inputs and outputs.' })
  @ApiOkResponse({ type: OperatorRunPageDto })
  listRuns(@Query() query: ListAllRunsDto): Promise<Page<OperatorRunSummaryDto>> {
    return this.runs.list(query);
  }

  @Get('runs/:id')
  @ApiOperation({ summary: 'Any run', description: 'The audit trail records who looked.' })
  @ApiParam({ name: 'id', format: 'uuid' })
  @ApiOkResponse({ type: OperatorRunDto })
  @ApiProblems({ 404: 'RUN_NOT_FOUND' })
  getRun(@Param('id', ParseIdPipe) id: string): Promise<OperatorRunDto> {
    return this.runs.get(id);
  }

  @Get('audit')
  @ApiOperation({ summary: 'Read the audit trail, newest first' })
  @ApiOkResponse({ type: AuditPageDto })
  listAudit(@Query() query: ListAuditDto): Promise<Page<AuditEntryDto>> {
    return this.system.audit(query);
  }

  @Get('system')
  @ApiOperation({ summary: 'How the system is doing: queue, runs, workers' })
  @ApiOkResponse({ type: SystemStateDto })
  getSystem(): Promise<SystemStateDto> {
    return this.system.state();
  }

  @Post('notifications')
  @Idempotent()
  @ApiOperation({ summary: 'Tell something to one user, or to all', description: 'As `system.notification`.' })
  @ApiCreatedResponse({ type: NotificationDto })
  @ApiProblems({ 404: 'USER_NOT_FOUND' })
  notify(@Body() body: NotifyDto): Promise<NotificationDto> {
    return this.notifications.send(body);
  }
}
