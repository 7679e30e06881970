import type { MigrationInterface, QueryRunner } from 'typeorm';

const PART_COLUMNS = `
    "id" uuid NOT NULL,
    "component_id" uuid NOT NULL,
    "key" text NOT NULL,
    "position" integer NOT NULL`;

function partTable(name: string, columns: string): string[] {
  return [
    `CREATE TABLE "${name}" (${PART_COLUMNS},
    ${columns},
    CONSTRAINT "${name}_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "${name}_component_id_fkey" FOREIGN KEY ("component_id") REFERENCES "agentic_components" ("id") ON DELETE CASCADE
  )`,
    `CREATE UNIQUE INDEX "${name}_key" ON "${name}" ("component_id", "key")`,
  ];
}

const COMPONENTS = [
  `CREATE TABLE "agentic_components" (
    "id" uuid NOT NULL,
    "created_at" timestamptz(3) NOT NULL DEFAULT now(),
    "updated_at" timestamptz(3) NOT NULL DEFAULT now(),
    "type" text NOT NULL,
    "name" text NOT NULL,
    "description" text NOT NULL,
    "category" text NOT NULL,
    "icon" text NOT NULL,
    "color" text NOT NULL,
    "provider_type" text NOT NULL,
    "uses_llm" boolean NOT NULL,
    "default_provider" text,
    "default_model" text,
    "version" integer NOT NULL,
    "is_active" boolean NOT NULL DEFAULT true,
    CONSTRAINT "agentic_components_pkey" PRIMARY KEY ("id")
  )`,
  `CREATE UNIQUE INDEX "agentic_components_type_key" ON "agentic_components" ("type")`,
  ...partTable(
    'component_fields',
    `"label" text NOT NULL,
    "kind" text NOT NULL,
    "required" boolean NOT NULL,
    "options" jsonb,
    "placeholder" text`,
  ),
  ...partTable(
    'component_ports',
    `"label" text NOT NULL,
    "direction" text NOT NULL,
    "kind" text NOT NULL,
    "max_connections" integer`,
  ),
  ...partTable(
    'component_api_config',
    `"executor" text NOT NULL,
    "temperature" double precision,
    "max_output_tokens" integer,
    "input_mapping" jsonb NOT NULL`,
  ),
  ...partTable(
    'component_output_schema',
    `"kind" text NOT NULL,
    "description" text NOT NULL`,
  ),
];

const FLOWS = [
  `CREATE TABLE "flows" (
    "id" uuid NOT NULL,
    "created_at" timestamptz(3) NOT NULL DEFAULT now(),
    "updated_at" timestamptz(3) NOT NULL DEFAULT now(),
    "owner_id" uuid NOT NULL,
    "project_id" uuid,
    "name" text NOT NULL,
    "description" text NOT NULL,
    "nodes" json NOT NULL,
    "edges" json NOT NULL,
    "viewport" json,
    "provider_id" text,
    "version" integer NOT NULL,
    CONSTRAINT "flows_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "flows_owner_id_fkey" FOREIGN KEY ("owner_id") REFERENCES "users" ("id") ON DELETE CASCADE
  )`,
  `CREATE INDEX "flows_owner_idx" ON "flows" ("owner_id", "created_at", "id")`,
  `CREATE TABLE "flow_versions" (
    "flow_id" uuid NOT NULL,
    "version" integer NOT NULL,
    "created_at" timestamptz(3) NOT NULL DEFAULT now(),
    "name" text NOT NULL,
    "description" text NOT NULL,
    "nodes" json NOT NULL,
    "edges" json NOT NULL,
    "viewport" json,
    "provider_id" text,
    CONSTRAINT "flow_versions_pkey" PRIMARY KEY ("flow_id", "version"),
    CONSTRAINT "flow_versions_flow_id_fkey" FOREIGN KEY ("flow_id") REFERENCES "flows" ("id") ON DELETE CASCADE
  )`,
];

const TABLES = [
  'agentic_components',
  'component_fields',
  'component_ports',
  'component_api_config',
  'component_output_schema',
  'flows',
  'flow_versions',
];

export class CreateFlowsAndComponents1763600000300 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    for (const statement of [...COMPONENTS, ...FLOWS]) await queryRunner.query(statement);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const table of TABLES.toReversed()) await queryRunner.query(`DROP TABLE "${table}"`);
  }
}
