import type { MigrationInterface, QueryRunner } from 'typeorm';

const UP = [
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
  // Nothing could put a flow into a project before there were any.
  `UPDATE "flows" SET "project_id" = NULL WHERE "project_id" IS NOT NULL`,
  `ALTER TABLE "flows" ADD CONSTRAINT "flows_project_id_fkey"
    FOREIGN KEY ("project_id") REFERENCES "projects" ("id") ON DELETE CASCADE`,
  `CREATE INDEX "flows_project_idx" ON "flows" ("project_id", "created_at", "id")`,
];

const DOWN = [
  `DROP INDEX "flows_project_idx"`,
  `ALTER TABLE "flows" DROP CONSTRAINT "flows_project_id_fkey"`,
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
