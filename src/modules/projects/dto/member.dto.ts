import { ApiProperty } from '@nestjs/swagger';
import { IsIn } from 'class-validator';
import { PageOf } from '../../../common/paging/page.js';
import { PROJECT_ROLES, type ProjectRole } from '../roles.js';

export class SaveMemberDto {
  @ApiProperty({
    type: String,
    enum: PROJECT_ROLES,
    description: 'A viewer reads, an editor also writes and runs, an owner also manages members and deletes',
    example: 'editor',
  })
  @IsIn(PROJECT_ROLES)
  role: ProjectRole;
}

export class MemberResponseDto {
  @ApiProperty({ type: String, format: 'uuid' })
  user_id: string;

  @ApiProperty({ type: String, example: 'ada' })
  username: string;

  @ApiProperty({ type: String, enum: PROJECT_ROLES })
  role: ProjectRole;

  @ApiProperty({ type: String, format: 'date-time' })
  created_at: string;
}

export class MemberPageDto extends PageOf(MemberResponseDto) {}
