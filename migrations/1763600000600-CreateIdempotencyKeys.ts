import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateIdempotencyKeys1763600000600 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`CREATE TABLE "idempotency_keys" (
      "scope" text NOT NULL,
      "key" text NOT NULL,
      "request_hash" bytea NOT NULL,
      "holder" uuid NOT NULL,
      "locked_until" timestamptz(3),
      "answer" bytea,
      "created_at" timestamptz(3) NOT NULL DEFAULT now(),
      CONSTRAINT "idempotency_keys_pkey" PRIMARY KEY ("scope", "key")
    )`);
    await queryRunner.query(`CREATE INDEX "idempotency_keys_created_at_idx" ON "idempotency_keys" ("created_at")`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP TABLE "idempotency_keys"`);
  }
}
