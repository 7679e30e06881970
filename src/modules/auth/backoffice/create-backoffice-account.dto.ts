import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, IsString, Length } from 'class-validator';
import { CreateUserDto } from '../../users/dto/create-user.dto.js';

export class CreateBackofficeAccountDto extends CreateUserDto {
  @ApiPropertyOptional({
    type: String,
    format: 'password',
    minLength: 1,
    maxLength: 500,
    description: 'For the first account, in place of an operator’s token',
  })
  @IsOptional()
  @IsString()
  @Length(1, 500)
  setup_token?: string;
}
