import type { MigrationInterface, QueryRunner } from 'typeorm';

const VERSIONS = ['flow_versions', 'agent_versions'];
const WITH_TEXTS = ['characters', 'projects', 'tasks', 'knowledge_documents'];

export class RecordWriters1763600001260 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    for (const table of VERSIONS) {
      await queryRunner.query(`ALTER TABLE "${table}" ADD COLUMN "author_id" uuid`);
      await queryRunner.query(`CREATE INDEX "${table}_author_idx" ON "${table}" ("author_id")`);
    }
    for (const table of WITH_TEXTS) {
      await queryRunner.query(`ALTER TABLE "${table}" ADD COLUMN "written_by" jsonb NOT NULL DEFAULT '{}'`);
    }
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const table of WITH_TEXTS) await queryRunner.query(`ALTER TABLE "${table}" DROP COLUMN "written_by"`);
    for (const table of VERSIONS) await queryRunner.query(`ALTER TABLE "${table}" DROP COLUMN "author_id"`);
  }
}
