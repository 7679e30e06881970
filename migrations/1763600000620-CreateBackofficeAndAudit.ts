import type { MigrationInterface, QueryRunner } from 'typeorm';

const UP = [
  `CREATE TABLE "backoffice_accounts" (
    "id" uuid NOT NULL,
    "created_at" timestamptz(3) NOT NULL DEFAULT now(),
    "updated_at" timestamptz(3) NOT NULL DEFAULT now(),
    "username" text NOT NULL,
    "username_key" text NOT NULL,
    "email" text NOT NULL,
    "email_key" text NOT NULL,
    "password_hash" text NOT NULL,
    CONSTRAINT "backoffice_accounts_pkey" PRIMARY KEY ("id")
  )`,
  `CREATE UNIQUE INDEX "backoffice_accounts_username_key" ON "backoffice_accounts" ("username_key")`,
  `CREATE UNIQUE INDEX "backoffice_accounts_email_key" ON "backoffice_accounts" ("email_key")`,
  `ALTER TABLE "users" ADD "deactivated_at" timestamptz(3)`,
  `CREATE INDEX "users_created_at_idx" ON "users" ("created_at", "id")`,
  `ALTER TABLE "sessions" ALTER "user_id" DROP NOT NULL, ADD "account_id" uuid, ADD "address" text, ADD "user_agent" text,
    ADD CONSTRAINT "sessions_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "backoffice_accounts" ("id") ON DELETE CASCADE,
    ADD CONSTRAINT "sessions_owner_check" CHECK (num_nonnulls("user_id", "account_id") = 1)`,
  `CREATE INDEX "sessions_account_id_idx" ON "sessions" ("account_id")`,
  `CREATE TABLE "audit_entries" (
    "id" uuid NOT NULL,
    "created_at" timestamptz(3) NOT NULL DEFAULT now(),
    "action" text NOT NULL,
    "outcome" text NOT NULL,
    "realm" text,
    "actor_id" uuid,
    "session_id" uuid,
    "target_type" text,
    "target_id" uuid,
    "address" text,
    "user_agent" text,
    "trace_id" text NOT NULL,
    "details" jsonb NOT NULL,
    CONSTRAINT "audit_entries_pkey" PRIMARY KEY ("id")
  )`,
  `CREATE INDEX "audit_entries_created_at_idx" ON "audit_entries" ("created_at", "id")`,
  `CREATE INDEX "audit_entries_actor_idx" ON "audit_entries" ("actor_id", "created_at", "id")`,
  `CREATE INDEX "audit_entries_target_idx" ON "audit_entries" ("target_id", "created_at", "id")`,
];

const DOWN = [
  `DROP TABLE "audit_entries"`,
  `DELETE FROM "sessions" WHERE "user_id" IS NULL`,
  `ALTER TABLE "sessions" DROP CONSTRAINT "sessions_owner_check", DROP "account_id", DROP "address", DROP "user_agent",
    ALTER "user_id" SET NOT NULL`,
  `DROP INDEX "users_created_at_idx"`,
  `ALTER TABLE "users" DROP "deactivated_at"`,
  `DROP TABLE "backoffice_accounts"`,
];

export class CreateBackofficeAndAudit1763600000620 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    for (const statement of UP) await queryRunner.query(statement);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const statement of DOWN) await queryRunner.query(statement);
  }
}
