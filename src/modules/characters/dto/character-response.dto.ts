import { ApiProperty } from '@nestjs/swagger';
import { PageOf } from '../../../common/paging/page.js';
import type { Character } from '../entities/character.entity.js';

export class CharacterResponseDto {
  @ApiProperty({ type: String, format: 'uuid' })
  id: string;

  @ApiProperty({ type: String })
  name: string;

  @ApiProperty({ type: String })
  description: string;

  @ApiProperty({ type: String, nullable: true, description: '`artifact:<id>` or an http(s) address' })
  image: string | null;

  @ApiProperty({ type: String, format: 'uuid', nullable: true })
  project_id: string | null;

  @ApiProperty({ type: String, format: 'date-time' })
  created_at: string;

  @ApiProperty({ type: String, format: 'date-time' })
  updated_at: string;
}

export class CharacterPageDto extends PageOf(CharacterResponseDto) {}

export function toCharacterResponse(character: Character): CharacterResponseDto {
  const { id, name, description, image, projectId, createdAt, updatedAt } = character;
  const times = { created_at: createdAt.toISOString(), updated_at: updatedAt.toISOString() };
  return { id, name, description, image, project_id: projectId, ...times };
}
