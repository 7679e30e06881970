import type { MigrationInterface, QueryRunner } from 'typeorm';

const UP = [
  `CREATE TABLE "users" (
    "id" uuid NOT NULL,
    "created_at" timestamptz(3) NOT NULL DEFAULT now(),
    "updated_at" timestamptz(3) NOT NULL DEFAULT now(),
    "username" text NOT NULL,
    "username_key" text NOT NULL,
    "email" text NOT NULL,
    "email_key" text NOT NULL,
    "password_hash" text NOT NULL,
    CONSTRAINT "users_pkey" PRIMARY KEY ("id")
  )`,
  `CREATE UNIQUE INDEX "users_username_key" ON "users" ("username_key")`,
  `CREATE UNIQUE INDEX "users_email_key" ON "users" ("email_key")`,
  `CREATE TABLE "sessions" (
    "id" uuid NOT NULL,
    "created_at" timestamptz(3) NOT NULL DEFAULT now(),
    "updated_at" timestamptz(3) NOT NULL DEFAULT now(),
    "user_id" uuid NOT NULL,
    "realm" text NOT NULL,
    "expires_at" timestamptz(3) NOT NULL,
    "revoked_at" timestamptz(3),
    CONSTRAINT "sessions_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "sessions_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users" ("id") ON DELETE CASCADE
  )`,
  `CREATE INDEX "sessions_user_id_idx" ON "sessions" ("user_id")`,
  `CREATE TABLE "refresh_tokens" (
    "token_hash" text NOT NULL,
    "session_id" uuid NOT NULL,
    "created_at" timestamptz(3) NOT NULL DEFAULT now(),
    "used_at" timestamptz(3),
    CONSTRAINT "refresh_tokens_pkey" PRIMARY KEY ("token_hash"),
    CONSTRAINT "refresh_tokens_session_id_fkey" FOREIGN KEY ("session_id") REFERENCES "sessions" ("id") ON DELETE CASCADE
  )`,
  `CREATE INDEX "refresh_tokens_session_id_idx" ON "refresh_tokens" ("session_id")`,
  `CREATE TABLE "attempt_counts" (
    "key" text NOT NULL,
    "attempts" integer NOT NULL,
    "resets_at" timestamptz(3) NOT NULL,
    CONSTRAINT "attempt_counts_pkey" PRIMARY KEY ("key")
  )`,
];

const DOWN = ['attempt_counts', 'refresh_tokens', 'sessions', 'users'].map((table) => `DROP TABLE "${table}"`);

export class CreateUsersAndSessions1763600000100 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    for (const statement of UP) await queryRunner.query(statement);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const statement of DOWN) await queryRunner.query(statement);
  }
}
