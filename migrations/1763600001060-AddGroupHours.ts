import type { MigrationInterface, QueryRunner } from 'typeorm';

const UP = [
  `ALTER TABLE "groups" ADD COLUMN "availability" json, ADD COLUMN "away_until" timestamptz(3)`,
  `ALTER TABLE "group_members" ADD COLUMN "trigger_from" integer NOT NULL DEFAULT 0,
    ADD COLUMN "trigger_look_at" timestamptz(3)`,
  `CREATE INDEX "group_members_trigger_idx" ON "group_members" ("trigger_look_at") WHERE "trigger_look_at" IS NOT NULL`,
  `ALTER TABLE "group_turns" ADD COLUMN "trigger_key" text`,
  `CREATE UNIQUE INDEX "group_turns_trigger_key" ON "group_turns" ("trigger_key")`,
];

const DOWN = [
  `ALTER TABLE "group_turns" DROP COLUMN "trigger_key"`,
  `ALTER TABLE "group_members" DROP COLUMN "trigger_look_at", DROP COLUMN "trigger_from"`,
  `ALTER TABLE "groups" DROP COLUMN "away_until", DROP COLUMN "availability"`,
];

export class AddGroupHours1763600001060 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    for (const statement of UP) await queryRunner.query(statement);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const statement of DOWN) await queryRunner.query(statement);
  }
}
