import type { MigrationInterface, QueryRunner } from 'typeorm';

const STATEMENTS = [
  `ALTER TABLE "memory_items" ADD "rebuild_after" timestamptz(3), ADD "rebuild_run_id" uuid`,
  `CREATE INDEX "memory_items_stale_idx" ON "memory_items" ("id") WHERE "stale"`,
  `CREATE INDEX "memory_items_retention_idx" ON "memory_items" ("kind", "created_at") WHERE NOT "pinned"`,
];

/** What the upkeep of memory goes by: summaries that are to be made anew, and what is old. */
export class KeepMemory1763600001000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    for (const statement of STATEMENTS) await queryRunner.query(statement);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP INDEX "memory_items_retention_idx"`);
    await queryRunner.query(`DROP INDEX "memory_items_stale_idx"`);
    await queryRunner.query(`ALTER TABLE "memory_items" DROP "rebuild_after", DROP "rebuild_run_id"`);
  }
}
