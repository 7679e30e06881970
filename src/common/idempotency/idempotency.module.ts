import { Global, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { SecretBox } from '../crypto/secret-box.js';
import { HoldKeeper } from './hold-keeper.js';
import { Idempotency } from './idempotency.js';
import { IdempotencyKey } from './idempotency-key.entity.js';
import { IdempotencyKeys } from './idempotency-keys.js';

/** Any module may create or start something. */
@Global()
@Module({
  imports: [TypeOrmModule.forFeature([IdempotencyKey])],
  providers: [SecretBox, IdempotencyKeys, Idempotency, HoldKeeper],
  exports: [SecretBox, IdempotencyKeys, Idempotency, HoldKeeper],
})
export class IdempotencyModule {}
