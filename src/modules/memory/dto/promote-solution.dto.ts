import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  ArrayUnique,
  IsArray,
  IsIn,
  IsInt,
  IsObject,
  IsOptional,
  IsString,
  Length,
  Matches,
  Max,
  Min,
  ValidateNested,
} from 'class-validator';
import {
  PART_OF_NAME,
  PROMOTED_PERMISSION,
  SIDE_EFFECTS,
  type SideEffects,
} from '../../tools/promoted/promoted-manifest.js';
import { ARTIFACT_NAME } from './solution.dto.js';
import { IsPresentJson, IsSmallJson, MAX_METADATA_CHARS } from './small-json.js';

const APPROVALS = ['never', 'always', 'first_use'] as const;
const MAX_DESCRIPTION = 2_000;
const MAX_PERMISSIONS = 20;
const MAX_EXAMPLES = 20;
const MAX_TIMEOUT_SECONDS = 30;
const ANY_OBJECT = { type: 'object', additionalProperties: true } as const;
/** Any, within what is taken. */
const BOUNDED_JSON = {
  anyOf: [
    { type: 'object', additionalProperties: true },
    { type: 'array', items: {}, maxItems: MAX_METADATA_CHARS },
    { type: 'string', maxLength: MAX_METADATA_CHARS },
    { type: 'number', minimum: -Number.MAX_VALUE, maximum: Number.MAX_VALUE },
    { type: 'boolean' },
    { type: 'null' },
  ],
};
const NUMBER_SCHEMA = { type: 'number' };
const BOUND_NOTE = `Up to ${MAX_METADATA_CHARS} characters.`;

export class ToolExampleDto {
  @ApiProperty({ ...ANY_OBJECT, description: BOUND_NOTE, example: { net: 10 } })
  @IsObject()
  @IsSmallJson()
  input: Record<string, unknown>;

  @ApiProperty({
    ...BOUNDED_JSON,
    description: `Any JSON: what the tool has to answer, exactly. ${BOUND_NOTE}`,
    example: { gross: 12 },
  })
  @IsPresentJson()
  expected_output: unknown;
}

/** The manifest of the tool that is to be. */
export class PromoteSolutionDto {
  @ApiProperty({ type: String, pattern: PART_OF_NAME.source, example: 'prices' })
  @IsString()
  @Matches(PART_OF_NAME)
  domain: string;

  @ApiProperty({
    type: String,
    pattern: PART_OF_NAME.source,
    description: 'The tool is named `<domain>/<name>`.',
    example: 'with-vat',
  })
  @IsString()
  @Matches(PART_OF_NAME)
  name: string;

  @ApiProperty({ type: String, minLength: 1, maxLength: MAX_DESCRIPTION, example: 'Adds VAT to a price.' })
  @IsString()
  @Length(1, MAX_DESCRIPTION)
  description: string;

  @ApiPropertyOptional({
    type: String,
    pattern: ARTIFACT_NAME.source,
    description: 'Which artefact is its code. Default: the only one in JavaScript.',
    example: 'vat.js',
  })
  @IsOptional()
  @IsString()
  @Matches(ARTIFACT_NAME)
  artifact?: string;

  @ApiProperty({
    ...ANY_OBJECT,
    description: `JSON Schema (2020-12) of an object: what the program has as \`input\`. ${BOUND_NOTE}`,
    example: { type: 'object', properties: { net: NUMBER_SCHEMA }, required: ['net'], additionalProperties: false },
  })
  @IsObject()
  @IsSmallJson()
  input_schema: Record<string, unknown>;

  @ApiPropertyOptional({
    ...ANY_OBJECT,
    description: `JSON Schema of what it answers. Default: any JSON. ${BOUND_NOTE}`,
    example: { type: 'object', properties: { gross: NUMBER_SCHEMA }, required: ['gross'] },
  })
  @IsOptional()
  @IsObject()
  @IsSmallJson()
  output_schema?: Record<string, unknown>;

  @ApiPropertyOptional({
    type: 'array',
    items: { type: 'string', pattern: PROMOTED_PERMISSION.source },
    maxItems: MAX_PERMISSIONS,
    default: [],
    description: 'What the tools that its program calls may reach. Without any it is a function of its input.',
    example: [],
  })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(MAX_PERMISSIONS)
  @ArrayUnique()
  @IsString({ each: true })
  @Matches(PROMOTED_PERMISSION, { each: true })
  permissions?: string[];

  @ApiPropertyOptional({
    type: 'integer',
    minimum: 1,
    maximum: MAX_TIMEOUT_SECONDS,
    default: 10,
    description: 'Of one call, with all that it calls.',
  })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(MAX_TIMEOUT_SECONDS)
  timeout_sec?: number;

  @ApiPropertyOptional({
    type: String,
    enum: SIDE_EFFECTS,
    default: 'none',
    description:
      'What else becomes of a call: `idempotent`, doing it twice is doing it once. Calls that were cut off are made again, unless it is `other`.',
  })
  @IsOptional()
  @IsIn(SIDE_EFFECTS)
  side_effects?: SideEffects;

  @ApiPropertyOptional({
    type: String,
    enum: APPROVALS,
    default: 'never',
    description: 'Whether a person is asked before agents call it.',
  })
  @IsOptional()
  @IsIn(APPROVALS)
  approval?: (typeof APPROVALS)[number];

  @ApiProperty({
    type: [ToolExampleDto],
    minItems: 1,
    maxItems: MAX_EXAMPLES,
    description: 'They are run before the version is registered, with all its permissions; 60 s together.',
  })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(MAX_EXAMPLES)
  @IsObject({ each: true })
  @ValidateNested({ each: true })
  @Type(() => ToolExampleDto)
  examples: ToolExampleDto[];
}
