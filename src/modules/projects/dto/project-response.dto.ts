import { ApiProperty } from '@nestjs/swagger';
import { PageOf } from '../../../common/paging/page.js';
import type { Project } from '../entities/project.entity.js';
import { PROJECT_ROLES, type ProjectRole } from '../roles.js';

export class ProjectResponseDto {
  @ApiProperty({ type: String, format: 'uuid' })
  id: string;

  @ApiProperty({ type: String, example: 'Website' })
  name: string;

  @ApiProperty({ type: String })
  description: string;

  @ApiProperty({ type: String, nullable: true })
  provider_id: string | null;

  @ApiProperty({ type: String, nullable: true })
  model: string | null;

  @ApiProperty({ type: String, enum: PROJECT_ROLES, description: 'Of the user it is shown to' })
  role: ProjectRole;

  @ApiProperty({ type: String, format: 'date-time' })
  created_at: string;

  @ApiProperty({ type: String, format: 'date-time' })
  updated_at: string;
}

export class ProjectPageDto extends PageOf(ProjectResponseDto) {}

export function toProjectResponse(project: Project, role: ProjectRole): ProjectResponseDto {
  return {
    id: project.id,
    name: project.name,
    description: project.description,
    provider_id: project.providerId,
    model: project.model,
    role,
    created_at: project.createdAt.toISOString(),
    updated_at: project.updatedAt.toISOString(),
  };
}
