import type { MigrationInterface, QueryRunner } from 'typeorm';

const STATEMENTS = [
  `CREATE TABLE "artifacts" (
    "id" uuid NOT NULL,
    "created_at" timestamptz(3) NOT NULL DEFAULT now(),
    "owner_id" uuid NOT NULL,
    "content_type" text NOT NULL,
    "size_bytes" integer NOT NULL,
    "sha256" text NOT NULL,
    "content" bytea NOT NULL,
    CONSTRAINT "artifacts_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "artifacts_owner_id_fkey" FOREIGN KEY ("owner_id") REFERENCES "users" ("id") ON DELETE CASCADE
  )`,
  // Images are compressed already.
  `ALTER TABLE "artifacts" ALTER COLUMN "content" SET STORAGE EXTERNAL`,
  `CREATE UNIQUE INDEX "artifacts_content_key" ON "artifacts" ("owner_id", "sha256", "content_type")`,
  `CREATE TABLE "characters" (
    "id" uuid NOT NULL,
    "created_at" timestamptz(3) NOT NULL DEFAULT now(),
    "updated_at" timestamptz(3) NOT NULL DEFAULT now(),
    "owner_id" uuid NOT NULL,
    "project_id" uuid,
    "name" text NOT NULL,
    "description" text NOT NULL,
    "image" text,
    CONSTRAINT "characters_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "characters_owner_id_fkey" FOREIGN KEY ("owner_id") REFERENCES "users" ("id") ON DELETE CASCADE
  )`,
  `CREATE INDEX "characters_owner_idx" ON "characters" ("owner_id", "created_at", "id")`,
];

export class CreateArtifactsAndCharacters1763600000500 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    for (const statement of STATEMENTS) await queryRunner.query(statement);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const table of ['characters', 'artifacts']) await queryRunner.query(`DROP TABLE "${table}"`);
  }
}
