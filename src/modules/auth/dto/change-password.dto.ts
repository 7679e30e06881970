import { ApiProperty } from '@nestjs/swagger';
import { IsString, Length } from 'class-validator';

export class ChangePasswordDto {
  @ApiProperty({ type: String, format: 'password', minLength: 1, maxLength: 256, example: 'correct horse battery' })
  @IsString()
  @Length(1, 256)
  current_password: string;

  @ApiProperty({ type: String, format: 'password', minLength: 8, maxLength: 256, example: 'incorrect zebra staple' })
  @IsString()
  @Length(8, 256)
  new_password: string;
}
