import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { JwtModule } from '@nestjs/jwt';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AuthConfig } from '../../config/config.js';
import { UsersModule } from '../users/users.module.js';
import { AccessTokens } from './access-tokens.js';
import { AccountsService } from './accounts.service.js';
import { AttemptLimiter } from './attempt-limiter.js';
import { AttemptLimits } from './attempt-limits.js';
import { AuthCookies } from './auth-cookies.js';
import { AuthController } from './auth.controller.js';
import { AuthGuard } from './auth.guard.js';
import { AttemptCount } from './entities/attempt-count.entity.js';
import { RefreshToken } from './entities/refresh-token.entity.js';
import { Session } from './entities/session.entity.js';
import { OriginPolicy } from './origin-policy.js';
import { PasswordHasher } from './password-hasher.js';
import { RefreshCredentials } from './refresh-credentials.js';
import { SessionStatus } from './session-status.js';
import { SessionsService } from './sessions.service.js';
import { SignInService } from './sign-in.service.js';
import { TokenVerifier } from './token-verifier.js';
import { UsersController } from './users.controller.js';

const jwt = JwtModule.registerAsync({
  inject: [AuthConfig],
  useFactory: ({ jwtSecret }: AuthConfig) => ({ secret: jwtSecret, signOptions: { algorithm: 'HS256' } }),
});

@Module({
  imports: [UsersModule, jwt, TypeOrmModule.forFeature([Session, RefreshToken, AttemptCount])],
  controllers: [AuthController, UsersController],
  providers: [
    { provide: APP_GUARD, useClass: AuthGuard },
    AccessTokens,
    AccountsService,
    AttemptLimiter,
    AttemptLimits,
    AuthCookies,
    OriginPolicy,
    PasswordHasher,
    RefreshCredentials,
    SessionStatus,
    SessionsService,
    SignInService,
    TokenVerifier,
  ],
  exports: [TokenVerifier, SessionStatus, OriginPolicy],
})
export class AuthModule {}
