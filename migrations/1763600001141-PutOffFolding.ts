import type { MigrationInterface, QueryRunner } from 'typeorm';

export class PutOffFolding1763600001141 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE "group_members" ADD COLUMN "fold_from" integer NOT NULL DEFAULT 0`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE "group_members" DROP COLUMN "fold_from"`);
  }
}
