import { ApiProperty } from '@nestjs/swagger';
import { IsString, Length } from 'class-validator';

export class LoginDto {
  @ApiProperty({ type: String, minLength: 1, maxLength: 254, description: 'E-mail or user name', example: 'ada' })
  @IsString()
  @Length(1, 254)
  identifier: string;

  @ApiProperty({ type: String, format: 'password', minLength: 1, maxLength: 256, example: 'correct horse battery' })
  @IsString()
  @Length(1, 256)
  password: string;
}
