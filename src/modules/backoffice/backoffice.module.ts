import { Module } from '@nestjs/common';
import { AuthModule } from '../auth/auth.module.js';
import { BackofficeController } from './backoffice.controller.js';
import { NotificationsService } from './notifications.service.js';
import { OperatorRunsService } from './operator-runs.service.js';
import { OperatorUsersService } from './operator-users.service.js';
import { SystemService } from './system.service.js';

/** For operators. Nobody stands on it. */
@Module({
  imports: [AuthModule],
  controllers: [BackofficeController],
  providers: [NotificationsService, OperatorRunsService, OperatorUsersService, SystemService],
})
export class BackofficeModule {}
