import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What solved a problem, beside the text that it is found by. */
export class CreateMemorySolutions1763600001041 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`CREATE TABLE "memory_solutions" (
      "item_id" uuid NOT NULL,
      "solution" jsonb NOT NULL,
      CONSTRAINT "memory_solutions_pkey" PRIMARY KEY ("item_id"),
      CONSTRAINT "memory_solutions_item_id_fkey" FOREIGN KEY ("item_id")
        REFERENCES "memory_items" ("id") ON DELETE CASCADE
    )`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP TABLE "memory_solutions"`);
  }
}
