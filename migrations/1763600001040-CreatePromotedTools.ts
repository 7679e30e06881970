import type { MigrationInterface, QueryRunner } from 'typeorm';

const STATEMENTS = [
  `CREATE TABLE "promoted_tools" (
    "id" uuid NOT NULL,
    "created_at" timestamptz(3) NOT NULL DEFAULT now(),
    "updated_at" timestamptz(3) NOT NULL DEFAULT now(),
    "owner_id" uuid NOT NULL,
    "project_id" uuid,
    "name" text NOT NULL,
    "version" integer NOT NULL,
    "latest_version" integer NOT NULL,
    CONSTRAINT "promoted_tools_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "promoted_tools_owner_id_fkey" FOREIGN KEY ("owner_id") REFERENCES "users" ("id") ON DELETE CASCADE,
    CONSTRAINT "promoted_tools_project_id_fkey" FOREIGN KEY ("project_id") REFERENCES "projects" ("id") ON DELETE CASCADE
  )`,
  `CREATE INDEX "promoted_tools_owner_idx" ON "promoted_tools" ("owner_id")`,
  `CREATE UNIQUE INDEX "promoted_tools_own_name_key" ON "promoted_tools" ("owner_id", "name") WHERE (project_id IS NULL)`,
  `CREATE UNIQUE INDEX "promoted_tools_project_name_key" ON "promoted_tools" ("project_id", "name")
    WHERE (project_id IS NOT NULL)`,
  `CREATE TABLE "promoted_tool_versions" (
    "tool_id" uuid NOT NULL,
    "version" integer NOT NULL,
    "created_at" timestamptz(3) NOT NULL DEFAULT now(),
    "author_id" uuid,
    "solution_id" uuid NOT NULL,
    "description" text NOT NULL,
    "input_schema" jsonb NOT NULL,
    "output_schema" jsonb,
    "permissions" text[] NOT NULL,
    "timeout_seconds" integer NOT NULL,
    "side_effects" text NOT NULL,
    "approval" text NOT NULL,
    "code" text NOT NULL,
    "examples" jsonb NOT NULL,
    CONSTRAINT "promoted_tool_versions_pkey" PRIMARY KEY ("tool_id", "version"),
    CONSTRAINT "promoted_tool_versions_tool_id_fkey" FOREIGN KEY ("tool_id")
      REFERENCES "promoted_tools" ("id") ON DELETE CASCADE,
    CONSTRAINT "promoted_tool_versions_author_id_fkey" FOREIGN KEY ("author_id")
      REFERENCES "users" ("id") ON DELETE SET NULL
  )`,
  `CREATE INDEX "promoted_tool_versions_author_idx" ON "promoted_tool_versions" ("author_id")`,
];

export class CreatePromotedTools1763600001040 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    for (const statement of STATEMENTS) await queryRunner.query(statement);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP TABLE "promoted_tool_versions"`);
    await queryRunner.query(`DROP TABLE "promoted_tools"`);
  }
}
