import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsISO8601,
  IsOptional,
  IsString,
  IsUUID,
  Length,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateNested,
  IsObject,
} from 'class-validator';
import { MAX_VERSION } from './behavior-query.dto.js';
import { MERGE_STRATEGIES, type MergeStrategy } from '../rules/merge-rules.js';
import {
  MAX_CHANGES,
  MAX_KEY_CHARS,
  MAX_PRIORITY,
  MAX_SOURCE_CHARS,
  MAX_TAG_CHARS,
  MAX_TAGS,
  MAX_TEXT_CHARS,
  RULE_SCOPES,
  type RuleScope,
} from '../rules/rule.js';

const EXAMPLE_ID = '019a0000-0000-7000-8000-000000000000';
const MAX_INSTANT_CHARS = 40;
const TAGS = { type: 'array', items: { type: 'string', maxLength: MAX_TAG_CHARS }, maxItems: MAX_TAGS } as const;

export class NewRuleDto {
  @ApiProperty({ type: String, minLength: 1, maxLength: MAX_TEXT_CHARS, example: 'Answer in German.' })
  @IsString()
  @Length(1, MAX_TEXT_CHARS)
  @Matches(/\S/, { message: 'must not be blank' })
  text: string;

  @ApiPropertyOptional({
    type: String,
    minLength: 1,
    maxLength: MAX_KEY_CHARS,
    nullable: true,
    description: 'What it is about. Two enabled rules of one scope cannot have the same.',
    example: 'language',
  })
  @IsOptional()
  @IsString()
  @Length(1, MAX_KEY_CHARS)
  key?: string | null;

  @ApiPropertyOptional({
    type: String,
    enum: RULE_SCOPES,
    description: 'Default: as the ids of the request say, else `global`. `system` is for operators.',
  })
  @IsOptional()
  @IsIn(RULE_SCOPES)
  scope?: RuleScope;

  @ApiPropertyOptional({ type: 'integer', minimum: -MAX_PRIORITY, maximum: MAX_PRIORITY, default: 0 })
  @IsOptional()
  @IsInt()
  @Min(-MAX_PRIORITY)
  @Max(MAX_PRIORITY)
  priority?: number | null;

  @ApiPropertyOptional({ type: Boolean, default: true })
  @IsOptional()
  @IsBoolean()
  enabled?: boolean | null;

  @ApiPropertyOptional({
    type: String,
    maxLength: MAX_SOURCE_CHARS,
    default: 'user',
    description: 'Where it comes from',
  })
  @IsOptional()
  @IsString()
  @MaxLength(MAX_SOURCE_CHARS)
  source?: string;

  @ApiPropertyOptional({ ...TAGS, default: [] })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(MAX_TAGS)
  @IsString({ each: true })
  @MaxLength(MAX_TAG_CHARS, { each: true })
  tags?: string[] | null;

  @ApiPropertyOptional({ type: String, format: 'date-time', maxLength: MAX_INSTANT_CHARS, nullable: true })
  @IsOptional()
  @MaxLength(MAX_INSTANT_CHARS)
  @IsISO8601({ strict: true })
  expires_at?: string | null;
}

/** What is absent stays as it is. */
export class RulePatchDto {
  @ApiProperty({ type: String, format: 'uuid', example: EXAMPLE_ID })
  @IsUUID()
  id: string;

  @ApiPropertyOptional({ type: String, minLength: 1, maxLength: MAX_TEXT_CHARS })
  @IsOptional()
  @IsString()
  @Length(1, MAX_TEXT_CHARS)
  @Matches(/\S/, { message: 'must not be blank' })
  text?: string;

  @ApiPropertyOptional({ type: String, minLength: 1, maxLength: MAX_KEY_CHARS, nullable: true })
  @IsOptional()
  @IsString()
  @Length(1, MAX_KEY_CHARS)
  key?: string | null;

  @ApiPropertyOptional({ type: 'integer', minimum: -MAX_PRIORITY, maximum: MAX_PRIORITY })
  @IsOptional()
  @IsInt()
  @Min(-MAX_PRIORITY)
  @Max(MAX_PRIORITY)
  priority?: number;

  @ApiPropertyOptional({ type: Boolean })
  @IsOptional()
  @IsBoolean()
  enabled?: boolean;

  @ApiPropertyOptional({ type: String, maxLength: MAX_SOURCE_CHARS })
  @IsOptional()
  @IsString()
  @MaxLength(MAX_SOURCE_CHARS)
  source?: string;

  @ApiPropertyOptional(TAGS)
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(MAX_TAGS)
  @IsString({ each: true })
  @MaxLength(MAX_TAG_CHARS, { each: true })
  tags?: string[];

  @ApiPropertyOptional({ type: String, format: 'date-time', maxLength: MAX_INSTANT_CHARS, nullable: true })
  @IsOptional()
  @MaxLength(MAX_INSTANT_CHARS)
  @IsISO8601({ strict: true })
  expires_at?: string | null;
}

export class AdjustRulesDto {
  @ApiPropertyOptional({ type: [NewRuleDto], maxItems: MAX_CHANGES })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(MAX_CHANGES)
  @Type(() => NewRuleDto)
  @IsObject({ each: true })
  @ValidateNested({ each: true })
  add?: NewRuleDto[];

  @ApiPropertyOptional({ type: [RulePatchDto], maxItems: MAX_CHANGES })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(MAX_CHANGES)
  @Type(() => RulePatchDto)
  @IsObject({ each: true })
  @ValidateNested({ each: true })
  update?: RulePatchDto[];

  @ApiPropertyOptional({
    type: 'array',
    items: { type: 'string', format: 'uuid' },
    maxItems: MAX_CHANGES,
    description: 'Ids of rules.',
    example: [],
  })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(MAX_CHANGES)
  @IsUUID(undefined, { each: true })
  remove?: string[];

  @ApiPropertyOptional({
    type: String,
    enum: MERGE_STRATEGIES,
    default: 'append',
    description:
      'Of two enabled rules with one key in one scope `append` makes a conflict (409), `by_priority` keeps the one of ' +
      'the higher number. `replace` puts the given rules in place of all of their scopes.',
  })
  @IsOptional()
  @IsIn(MERGE_STRATEGIES)
  merge_strategy: MergeStrategy = 'append';

  @ApiPropertyOptional({ type: Boolean, default: false, description: 'Only tell what would come of it.' })
  @IsOptional()
  @IsBoolean()
  dry_run: boolean = false;
}

export class AdjustBehaviorDto extends AdjustRulesDto {
  @ApiPropertyOptional({
    type: String,
    format: 'uuid',
    description: 'The rules of this project are changed, and not your own.',
  })
  @IsOptional()
  @IsUUID()
  project_id?: string;

  @ApiPropertyOptional({ type: String, format: 'uuid', description: 'Of rules with the scope `session`' })
  @IsOptional()
  @IsUUID()
  session_id?: string;

  @ApiPropertyOptional({ type: String, format: 'uuid', description: 'Of rules with the scope `task`' })
  @IsOptional()
  @IsUUID()
  task_id?: string;
}

export class RollbackRulesDto {
  @ApiProperty({ type: 'integer', minimum: 1, maximum: MAX_VERSION, example: 1 })
  @IsInt()
  @Min(1)
  @Max(MAX_VERSION)
  version: number;
}

export class RollbackBehaviorDto extends RollbackRulesDto {
  @ApiPropertyOptional({ type: String, format: 'uuid', description: 'Whose rules; default: your own' })
  @IsOptional()
  @IsUUID()
  project_id?: string;
}
