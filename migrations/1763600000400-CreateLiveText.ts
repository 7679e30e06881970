import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The text of steps in progress, for other processes. Unlogged: after a crash nobody wants it any more. */
export class CreateLiveText1763600000400 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`CREATE UNLOGGED TABLE live_text (
      stream bigint NOT NULL,
      id bigint GENERATED ALWAYS AS IDENTITY,
      step text NOT NULL,
      attempt integer NOT NULL,
      "offset" integer NOT NULL,
      text text NOT NULL,
      written_at timestamptz(3) NOT NULL DEFAULT now(),
      PRIMARY KEY (stream, id)
    )`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE live_text');
  }
}
