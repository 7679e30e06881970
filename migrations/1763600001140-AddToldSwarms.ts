import type { MigrationInterface, QueryRunner } from 'typeorm';

const UP = [
  `ALTER TABLE "swarms" ADD COLUMN "told" text NOT NULL DEFAULT 'running'`,
  `UPDATE "swarms" s SET "told" = 'over' FROM "projects" p WHERE p."id" = s."project_id" AND (s."state"->>'phase' IN ('completed', 'failed')
    OR NOT EXISTS (SELECT 1 FROM "run_control" c WHERE c."run_id" = p."run_id" AND c."status" NOT IN ('completed', 'failed', 'cancelled')))`,
  `CREATE INDEX "swarms_open_idx" ON "swarms" ("project_id") WHERE "told" <> 'over'`,
];

export class AddToldSwarms1763600001140 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    for (const statement of UP) await queryRunner.query(statement);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE "swarms" DROP COLUMN "told"`);
  }
}
