import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsObject, IsOptional, IsString, IsUUID, Length, MaxLength } from 'class-validator';
import { BODY_LIMIT_BYTES } from '../../../common/http/body-limit.js';
import { PageQueryDto } from '../../../common/paging/page-query.dto.js';
import { MAX_PATH_BYTES } from '../../projects/workspace/workspace-path.js';
import { DOCUMENT_STATUSES, type DocumentStatus } from '../entities/knowledge-document.entity.js';

const TITLE_NOTE = 'Default: the one that it has, else the name of the file';
const TITLE = { type: String, minLength: 1, maxLength: 500, description: TITLE_NOTE } as const;
const METADATA = { type: 'object', additionalProperties: true, description: 'Up to 16 KB as JSON' } as const;

/** What is to be indexed: `content`, or the file of a workspace at `path`. */
export class DocumentContentDto {
  @ApiPropertyOptional({ ...TITLE, example: 'Handbook' })
  @IsOptional()
  @IsString()
  @Length(1, 500)
  title?: string;

  @ApiPropertyOptional({ type: String, maxLength: BODY_LIMIT_BYTES, example: '# Lamps\n\nThey are lit at dusk.' })
  @IsOptional()
  @IsString()
  @MaxLength(BODY_LIMIT_BYTES)
  content?: string;

  @ApiPropertyOptional({
    type: String,
    maxLength: 200,
    description:
      'Text, Markdown, HTML, PDF or CSV. Default: by the extension of the file, else the one that it has, else `text/plain`',
    example: 'text/markdown',
  })
  @IsOptional()
  @IsString()
  @MaxLength(200)
  mime_type?: string;

  @ApiPropertyOptional({ type: String, minLength: 1, maxLength: MAX_PATH_BYTES, description: 'Of the project' })
  @IsOptional()
  @IsString()
  @Length(1, MAX_PATH_BYTES)
  path?: string;

  @ApiPropertyOptional({ ...METADATA, example: { source: 'wiki' } })
  @IsOptional()
  @IsObject()
  metadata?: Readonly<Record<string, unknown>>;
}

export class CreateDocumentDto extends DocumentContentDto {
  @ApiPropertyOptional({ type: String, format: 'uuid', nullable: true, description: 'Default: your own' })
  @IsOptional()
  @IsUUID()
  project_id?: string | null;
}

export class UpdateDocumentDto {
  @ApiPropertyOptional({ ...TITLE, description: 'It is searched with the text: the document is indexed again' })
  @IsOptional()
  @IsString()
  @Length(1, 500)
  title?: string;

  @ApiPropertyOptional(METADATA)
  @IsOptional()
  @IsObject()
  metadata?: Readonly<Record<string, unknown>>;
}

/** A form, as browsers send files. */
export class UploadDocumentDto {
  @ApiProperty({ type: 'string', format: 'binary', description: 'Up to 50 MB' })
  file: unknown;

  @ApiPropertyOptional(TITLE)
  title?: string;

  @ApiPropertyOptional({ type: String, maxLength: 200, description: 'Default: that of the file' })
  mime_type?: string;

  @ApiPropertyOptional({ type: String, format: 'uuid' })
  project_id?: string;

  @ApiPropertyOptional({ type: String, maxLength: 16_384, description: 'A JSON object' })
  metadata?: string;
}

export class ListDocumentsDto extends PageQueryDto {
  @ApiPropertyOptional({ type: String, format: 'uuid' })
  @IsOptional()
  @IsUUID()
  project_id?: string;

  @ApiPropertyOptional({ type: String, enum: DOCUMENT_STATUSES })
  @IsOptional()
  @IsIn(DOCUMENT_STATUSES)
  status?: DocumentStatus;
}
