import type { MigrationInterface, QueryRunner } from 'typeorm';

const vectors = (table: string, key: string, of: string) => `CREATE TABLE "${table}" (
    "${key}" uuid NOT NULL,
    "model" text NOT NULL,
    "dimensions" integer NOT NULL,
    "text_hash" text NOT NULL,
    "vector" real[] NOT NULL,
    "serial" integer NOT NULL DEFAULT nextval('vector_serials'),
    CONSTRAINT "${table}_pkey" PRIMARY KEY ("${key}"),
    CONSTRAINT "${table}_${key}_fkey" FOREIGN KEY ("${key}") REFERENCES "${of}" ("id") ON DELETE CASCADE
  )`;

const UP = [
  // Another one for each vector that is written: by it a process knows what it has compared before.
  `CREATE SEQUENCE "vector_serials" AS integer CYCLE`,
  vectors('memory_vectors', 'item_id', 'memory_items'),
  vectors('knowledge_vectors', 'chunk_id', 'knowledge_chunks'),
  `CREATE INDEX "memory_vectors_serial_idx" ON "memory_vectors" ("serial")`,
  `CREATE INDEX "knowledge_vectors_serial_idx" ON "knowledge_vectors" ("serial")`,
  // Numbers that look like noise: to try to compress them only costs time.
  `ALTER TABLE "memory_vectors" ALTER COLUMN "vector" SET STORAGE EXTERNAL`,
  `ALTER TABLE "knowledge_vectors" ALTER COLUMN "vector" SET STORAGE EXTERNAL`,
  // Whoever changes or empties a text takes away what it meant, at once.
  `CREATE FUNCTION drop_memory_vector() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    DELETE FROM memory_vectors WHERE item_id = NEW.id;
    RETURN NULL;
  END $$`,
  `CREATE TRIGGER memory_items_vector AFTER UPDATE OF content, speaker ON memory_items FOR EACH ROW
    WHEN (OLD.content <> NEW.content OR OLD.speaker IS DISTINCT FROM NEW.speaker) EXECUTE FUNCTION drop_memory_vector()`,
  // The run that is to make vectors and has not begun yet: what is saved meanwhile needs no other.
  `CREATE TABLE "embedding_queues" (
    "source" text NOT NULL,
    "owner_id" uuid CONSTRAINT "embedding_queues_owner_id_fkey" REFERENCES "users" ("id") ON DELETE CASCADE,
    "project_id" uuid CONSTRAINT "embedding_queues_project_id_fkey" REFERENCES "projects" ("id") ON DELETE CASCADE,
    "run_id" uuid,
    "rests_until" timestamptz(3),
    CONSTRAINT "embedding_queues_key" UNIQUE NULLS NOT DISTINCT ("source", "owner_id", "project_id")
  )`,
  `CREATE INDEX "embedding_queues_owner_idx" ON "embedding_queues" ("owner_id")`,
  `CREATE INDEX "embedding_queues_project_idx" ON "embedding_queues" ("project_id")`,
];

export class CreateVectors1763600001100 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    for (const statement of UP) await queryRunner.query(statement);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TRIGGER memory_items_vector ON memory_items');
    await queryRunner.query('DROP FUNCTION drop_memory_vector');
    for (const table of ['embedding_queues', 'knowledge_vectors', 'memory_vectors']) {
      await queryRunner.query(`DROP TABLE "${table}"`);
    }
    await queryRunner.query('DROP SEQUENCE vector_serials');
  }
}
