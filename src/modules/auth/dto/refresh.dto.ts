import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, IsString, Length } from 'class-validator';

export class RefreshDto {
  @ApiPropertyOptional({ type: String, minLength: 1, maxLength: 200, description: 'Without it, the cookie counts' })
  @IsOptional()
  @IsString()
  @Length(1, 200)
  refresh_token?: string;
}
