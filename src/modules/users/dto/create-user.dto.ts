import { ApiProperty } from '@nestjs/swagger';
import { IsEmail, IsString, Length, Matches, MaxLength } from 'class-validator';

export class CreateUserDto {
  @ApiProperty({
    type: String,
    minLength: 2,
    maxLength: 64,
    pattern: '^[\\p{L}\\p{N}_.\\-]+$',
    description: 'Letters, digits, `_`, `.` and `-`; compared without regard to case',
    example: 'ada',
  })
  @IsString()
  @Length(2, 64)
  @Matches(/^[\p{L}\p{N}_.-]+$/u, { message: '$property may contain letters, digits, "_", "." and "-" only' })
  username: string;

  @ApiProperty({ type: String, format: 'email', maxLength: 254, example: 'ada@example.org' })
  @IsEmail()
  @MaxLength(254)
  email: string;

  @ApiProperty({ type: String, format: 'password', minLength: 8, maxLength: 256, example: 'correct horse battery' })
  @IsString()
  @Length(8, 256)
  password: string;
}
