import type { MigrationInterface, QueryRunner } from 'typeorm';

export class AddMemoryChangedBy1763600001200 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE "memory_items" ADD COLUMN "changed_by" uuid`);
    await queryRunner.query(
      `CREATE INDEX "memory_items_changed_by_idx" ON "memory_items" ("changed_by") WHERE changed_by IS NOT NULL`,
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP INDEX "memory_items_changed_by_idx"`);
    await queryRunner.query(`ALTER TABLE "memory_items" DROP COLUMN "changed_by"`);
  }
}
