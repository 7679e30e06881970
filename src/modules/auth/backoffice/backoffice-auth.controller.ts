import { Body, Controller, HttpCode, Ip, Post, Req } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiSecurity, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Idempotent } from '../../../common/idempotency/idempotent.decorator.js';
import { ApiProblems } from '../../../common/openapi/api-problems.decorator.js';
import { toUserResponse, UserResponseDto } from '../../users/dto/user-response.dto.js';
import { LoginDto } from '../dto/login.dto.js';
import { TokenResponseDto, toTokenResponse } from '../dto/token-response.dto.js';
import { Public } from '../route-policy.js';
import { SignInService } from '../sign-in.service.js';
import { BackofficeSetup } from './backoffice-setup.js';
import { CreateBackofficeAccountDto } from './create-backoffice-account.dto.js';

@ApiTags('backoffice')
@Controller('auth/backoffice')
export class BackofficeAuthController {
  constructor(
    private readonly setup: BackofficeSetup,
    private readonly signIns: SignInService,
  ) {}

  @Public()
  @ApiSecurity('bearer')
  @Post('create')
  @Idempotent()
  @ApiOperation({
    summary: 'Create a back office account',
    description: 'By an operator; the first one by the set-up token, which then is spent.',
  })
  @ApiCreatedResponse({ type: UserResponseDto })
  @ApiProblems({
    401: 'UNAUTHORIZED, TOKEN_EXPIRED, SESSION_ENDED, WRONG_REALM',
    403: 'SETUP_TOKEN_REFUSED',
    409: 'USERNAME_TAKEN, EMAIL_TAKEN',
    429: 'TOO_MANY_ATTEMPTS',
  })
  async create(@Body() body: CreateBackofficeAccountDto, @Req() request: FastifyRequest): Promise<UserResponseDto> {
    return toUserResponse(await this.setup.create(body, request));
  }

  @Public()
  @Post('login')
  @HttpCode(200)
  @ApiOperation({ summary: 'Sign in to the back office', description: 'Its tokens are sent as Bearer; no cookies.' })
  @ApiOkResponse({ type: TokenResponseDto })
  @ApiProblems({ 401: 'INVALID_CREDENTIALS', 429: 'TOO_MANY_ATTEMPTS' })
  async login(@Body() { identifier, password }: LoginDto, @Ip() address: string): Promise<TokenResponseDto> {
    return toTokenResponse(await this.signIns.signInOperator(identifier, password, address));
  }
}
