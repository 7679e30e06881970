import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What may belong to a project. Nothing could be put into one before there were any. */
const CONTENTS = ['flows', 'characters'];

const PROJECTS = [
  `CREATE TABLE "projects" (
    "id" uuid NOT NULL,
    "created_at" timestamptz(3) NOT NULL DEFAULT now(),
    "updated_at" timestamptz(3) NOT NULL DEFAULT now(),
    "name" text NOT NULL,
    "description" text NOT NULL,
    "provider_id" text,
    "model" text,
    CONSTRAINT "projects_pkey" PRIMARY KEY ("id")
  )`,
  `CREATE TABLE "project_members" (
    "project_id" uuid NOT NULL,
    "user_id" uuid NOT NULL,
    "role" text NOT NULL,
    "created_at" timestamptz(3) NOT NULL DEFAULT now(),
    CONSTRAINT "project_members_pkey" PRIMARY KEY ("project_id", "user_id"),
    CONSTRAINT "project_members_project_id_fkey" FOREIGN KEY ("project_id") REFERENCES "projects" ("id") ON DELETE CASCADE,
    CONSTRAINT "project_members_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users" ("id") ON DELETE CASCADE
  )`,
  `CREATE INDEX "project_members_user_idx" ON "project_members" ("user_id", "project_id")`,
];

const UP = [
  ...PROJECTS,
  ...CONTENTS.flatMap((table) => [
    `UPDATE "${table}" SET "project_id" = NULL WHERE "project_id" IS NOT NULL`,
    `ALTER TABLE "${table}" ADD CONSTRAINT "${table}_project_id_fkey"
      FOREIGN KEY ("project_id") REFERENCES "projects" ("id") ON DELETE CASCADE`,
    `CREATE INDEX "${table}_project_idx" ON "${table}" ("project_id", "created_at", "id")`,
  ]),
];

const DOWN = [
  ...CONTENTS.flatMap((table) => [
    `DROP INDEX "${table}_project_idx"`,
    `ALTER TABLE "${table}" DROP CONSTRAINT "${table}_project_id_fkey"`,
  ]),
  `DROP TABLE "project_members"`,
  `DROP TABLE "projects"`,
];

export class CreateProjects1763600000610 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    for (const statement of UP) await queryRunner.query(statement);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const statement of DOWN) await queryRunner.query(statement);
  }
}
