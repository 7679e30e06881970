import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateApiKeys1763600000630 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`CREATE TABLE "api_keys" (
      "id" uuid NOT NULL,
      "created_at" timestamptz(3) NOT NULL DEFAULT now(),
      "user_id" uuid NOT NULL,
      "name" text NOT NULL,
      "scopes" text[] NOT NULL,
      "prefix" text NOT NULL,
      "secret_hash" text NOT NULL,
      "expires_at" timestamptz(3),
      "last_used_at" timestamptz(3),
      CONSTRAINT "api_keys_pkey" PRIMARY KEY ("id"),
      CONSTRAINT "api_keys_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users" ("id") ON DELETE CASCADE
    )`);
    await queryRunner.query(`CREATE UNIQUE INDEX "api_keys_secret_hash_key" ON "api_keys" ("secret_hash")`);
    await queryRunner.query(`CREATE INDEX "api_keys_user_idx" ON "api_keys" ("user_id", "created_at", "id")`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP TABLE "api_keys"`);
  }
}
