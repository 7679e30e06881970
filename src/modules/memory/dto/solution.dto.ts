import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsOptional,
  IsString,
  Length,
  Matches,
  MaxLength,
  registerDecorator,
  ValidateNested,
  IsObject,
} from 'class-validator';

const MAX_TEXT = 10_000;
const MAX_ARTIFACTS = 20;
/** Of all artefacts of a solution together. */
const MAX_CODE_CHARS = 100_000;
export const ARTIFACT_NAME = /^[\w./-]{1,200}$/;
export const LANGUAGE = /^[\w+#.-]{1,40}$/;

export class CodeArtifactDto {
  @ApiProperty({
    type: String,
    pattern: ARTIFACT_NAME.source,
    description: 'Its own among the artefacts.',
    example: 'vat.js',
  })
  @IsString()
  @Matches(ARTIFACT_NAME)
  name: string;

  @ApiProperty({
    type: String,
    pattern: LANGUAGE.source,
    description: '`javascript` can become a tool.',
    example: 'javascript',
  })
  @IsString()
  @Matches(LANGUAGE)
  language: string;

  @ApiProperty({ type: String, maxLength: MAX_CODE_CHARS, example: '({ gross: input.net * 1.2 })' })
  @IsString()
  @MaxLength(MAX_CODE_CHARS)
  content: string;
}

export class SolutionDto {
  @ApiProperty({ type: String, minLength: 1, maxLength: MAX_TEXT, example: 'What is the price with VAT?' })
  @IsString()
  @Length(1, MAX_TEXT)
  problem: string;

  @ApiProperty({ type: String, minLength: 1, maxLength: MAX_TEXT, example: 'Multiply by 1.2.' })
  @IsString()
  @Length(1, MAX_TEXT)
  approach: string;

  @ApiPropertyOptional({
    type: [CodeArtifactDto],
    maxItems: MAX_ARTIFACTS,
    default: [],
    description: `${MAX_CODE_CHARS} characters together.`,
  })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(MAX_ARTIFACTS)
  @IsObject({ each: true })
  @ValidateNested({ each: true })
  @Type(() => CodeArtifactDto)
  @AreArtifacts()
  artifacts?: CodeArtifactDto[];

  @ApiPropertyOptional({ type: String, maxLength: MAX_TEXT, default: '', description: 'What came of it.' })
  @IsOptional()
  @IsString()
  @MaxLength(MAX_TEXT)
  outcome?: string;
}

/** Each with a name of its own, and not too much together. */
function AreArtifacts(): PropertyDecorator {
  return (target, propertyName) => {
    registerDecorator({
      name: 'areArtifacts',
      target: target.constructor,
      propertyName: String(propertyName),
      options: { message: `must have names of their own, and at most ${MAX_CODE_CHARS} characters together` },
      validator: { validate: (value: unknown) => !Array.isArray(value) || areFew(value as unknown[]) },
    });
  };
}

function areFew(artifacts: readonly unknown[]): boolean {
  const known = artifacts.map((artifact) => Object(artifact) as Partial<CodeArtifactDto>);
  const chars = known.reduce((sum, { content }) => sum + String(content).length, 0);
  return chars <= MAX_CODE_CHARS && new Set(known.map(({ name }) => name)).size === known.length;
}

export class CodeArtifactResponseDto {
  @ApiProperty({ type: String })
  name: string;

  @ApiProperty({ type: String })
  language: string;

  @ApiPropertyOptional({ type: String, description: 'Absent where items are listed or found.' })
  content?: string;
}

export class SolutionResponseDto {
  @ApiProperty({ type: String })
  problem: string;

  @ApiProperty({ type: String })
  approach: string;

  @ApiProperty({ type: [CodeArtifactResponseDto] })
  artifacts: CodeArtifactResponseDto[];

  @ApiProperty({ type: String })
  outcome: string;
}
