import type { MigrationInterface, QueryRunner } from 'typeorm';

const TABLES = ['groups', 'group_members'];

export class RecordWritersOfRooms1763600001280 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    for (const table of TABLES) {
      await queryRunner.query(`ALTER TABLE "${table}" ADD COLUMN "written_by" jsonb NOT NULL DEFAULT '{}'`);
    }
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const table of TABLES) await queryRunner.query(`ALTER TABLE "${table}" DROP COLUMN "written_by"`);
  }
}
