import type { MigrationInterface, QueryRunner } from 'typeorm';

const TABLES = ['mcp_servers', 'provider_credentials'];

export class RecordWritersOfConnections1763600001290 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    for (const table of TABLES) {
      await queryRunner.query(`ALTER TABLE "${table}" ADD COLUMN "written_by" jsonb NOT NULL DEFAULT '{}'`);
    }
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const table of TABLES) await queryRunner.query(`ALTER TABLE "${table}" DROP COLUMN "written_by"`);
  }
}
