import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional, IsString, IsUUID, Length, MaxLength } from 'class-validator';
import { PageOf } from '../../../common/paging/page.js';
import { PageQueryDto } from '../../../common/paging/page-query.dto.js';
import { ListRunsDto } from '../../execution/dto/list-runs.dto.js';
import { RunResponseDto, RunSummaryDto } from '../../execution/dto/run-response.dto.js';
import { UserResponseDto } from '../../users/dto/user-response.dto.js';

export class ListUsersDto extends PageQueryDto {
  @ApiPropertyOptional({ type: String, maxLength: 254, description: 'Part of the user name or the e-mail address' })
  @IsOptional()
  @IsString()
  @MaxLength(254)
  q?: string;

  @ApiPropertyOptional({ type: String, enum: ['active', 'deactivated'] })
  @IsOptional()
  @IsIn(['active', 'deactivated'])
  status?: 'active' | 'deactivated';
}

export class OperatorUserDto extends UserResponseDto {
  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  deactivated_at: string | null;
}

export class OperatorUserPageDto extends PageOf(OperatorUserDto) {}

export class ListAllRunsDto extends ListRunsDto {
  @ApiPropertyOptional({ type: String, format: 'uuid', description: 'Who started them' })
  @IsOptional()
  @IsUUID()
  user_id?: string;
}

export class OperatorRunSummaryDto extends RunSummaryDto {
  @ApiProperty({ type: String, format: 'uuid', description: 'Who started it' })
  user_id: string;
}

export class OperatorRunDto extends RunResponseDto {
  @ApiProperty({ type: String, format: 'uuid', description: 'Who started it' })
  user_id: string;
}

export class OperatorRunPageDto extends PageOf(OperatorRunSummaryDto) {}

export class ListAuditDto extends PageQueryDto {
  @ApiPropertyOptional({ type: String, maxLength: 100, example: 'sign_in' })
  @IsOptional()
  @IsString()
  @MaxLength(100)
  action?: string;

  @ApiPropertyOptional({ type: String, enum: ['done', 'refused'] })
  @IsOptional()
  @IsIn(['done', 'refused'])
  outcome?: 'done' | 'refused';

  @ApiPropertyOptional({ type: String, format: 'uuid', description: 'Who did it' })
  @IsOptional()
  @IsUUID()
  actor_id?: string;

  @ApiPropertyOptional({ type: String, format: 'uuid', description: 'What it was done to' })
  @IsOptional()
  @IsUUID()
  target_id?: string;
}

export class NotifyDto {
  @ApiPropertyOptional({ type: String, format: 'uuid', description: 'Default: all users that are not deactivated' })
  @IsOptional()
  @IsUUID()
  user_id?: string;

  @ApiPropertyOptional({ type: String, enum: ['info', 'warning', 'critical'], default: 'info' })
  @IsOptional()
  @IsIn(['info', 'warning', 'critical'])
  level?: 'info' | 'warning' | 'critical';

  @ApiPropertyOptional({ type: String, maxLength: 200, default: '' })
  @IsOptional()
  @IsString()
  @MaxLength(200)
  title?: string;

  @ApiProperty({ type: String, minLength: 1, maxLength: 5_000, example: 'Maintenance tonight at 22:00 UTC' })
  @IsString()
  @Length(1, 5_000)
  message: string;
}

export class NotificationDto {
  @ApiProperty({ type: String, format: 'uuid' })
  id: string;

  @ApiProperty({ type: 'integer', minimum: 0, description: 'How many users it went to' })
  recipients: number;
}
