import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { DataSource, type EntityManager, type EntityTarget, In } from 'typeorm';
import { newId } from '../../../common/ids/id.js';
import { AgenticComponent } from '../entities/agentic-component.entity.js';
import { ComponentApiConfigRow } from '../entities/component-api-config.entity.js';
import { ComponentFieldRow } from '../entities/component-field.entity.js';
import { ComponentOutputRow } from '../entities/component-output.entity.js';
import type { ComponentPart } from '../entities/component-part.js';
import { ComponentPortRow } from '../entities/component-port.entity.js';
import { ExecutorRegistry } from '../program/executor-registry.js';
import { apiConfigRows, componentRow, fieldRows, outputRows, portRows } from './catalogue-rows.js';
import type { ComponentDefinition } from './component-definition.js';

/** Any number, as long as nothing else in the database locks on it. */
const SEED_LOCK = 7_309_451_119;

type PartsOf = (component: ComponentDefinition) => ReadonlyArray<{ readonly key: string }>;

const PARTS: ReadonlyArray<readonly [target: EntityTarget<ComponentPart>, partsOf: PartsOf]> = [
  [ComponentFieldRow, fieldRows],
  [ComponentPortRow, portRows],
  [ComponentApiConfigRow, apiConfigRows],
  [ComponentOutputRow, outputRows],
];

/**
 * Brings the catalogue in the database into step with the code, at each start of each process.
 * Rows are found by type and key and keep their ids; the lock makes processes that start together take turns.
 */
@Injectable()
export class CatalogueSeeder implements OnApplicationBootstrap {
  constructor(
    private readonly dataSource: DataSource,
    private readonly registry: ExecutorRegistry,
  ) {}

  onApplicationBootstrap(): Promise<void> {
    return this.seed();
  }

  seed(): Promise<void> {
    const components = this.registry.components();
    return this.dataSource.transaction(async (manager) => {
      await manager.query('SELECT pg_advisory_xact_lock($1)', [SEED_LOCK]);
      const idOf = await upsertComponents(manager, components);
      for (const [target, partsOf] of PARTS) await syncParts(manager, target, partsWithin(components, idOf, partsOf));
    });
  }
}

async function upsertComponents(
  manager: EntityManager,
  components: readonly ComponentDefinition[],
): Promise<(type: string) => string> {
  const rows = components.map((component) => ({ id: newId(), ...componentRow(component) }));
  await upsert(manager, AgenticComponent, rows, ['type']);
  const types = components.map(({ type }) => type);
  const stored = await manager.find(AgenticComponent, { select: { id: true, type: true }, where: { type: In(types) } });
  const ids = new Map(stored.map(({ id, type }) => [type, id]));
  return (type) => ids.get(type) ?? '';
}

type PartRow = Pick<ComponentPart, 'id' | 'componentId' | 'key' | 'position'>;

function partsWithin(
  components: readonly ComponentDefinition[],
  idOf: (type: string) => string,
  partsOf: PartsOf,
): PartRow[] {
  return components.flatMap((component) =>
    partsOf(component).map((part, position) => ({ ...part, id: newId(), componentId: idOf(component.type), position })),
  );
}

async function syncParts(manager: EntityManager, target: EntityTarget<ComponentPart>, rows: PartRow[]): Promise<void> {
  await upsert(manager, target, rows, ['componentId', 'key']);
  const wanted = new Set(rows.map(({ componentId, key }) => `${componentId} ${key}`));
  const stored = await manager.find(target, { select: { id: true, componentId: true, key: true } });
  const obsolete = stored.filter(({ componentId, key }) => !wanted.has(`${componentId} ${key}`));
  if (obsolete.length > 0)
    await manager.delete(
      target,
      obsolete.map(({ id }) => id),
    );
}

/** Writes only what is new or has changed, and never a new id onto a row that has one. */
async function upsert<Row extends { readonly id: string }>(
  manager: EntityManager,
  target: EntityTarget<object>,
  rows: readonly Row[],
  conflictPaths: readonly string[],
): Promise<void> {
  const [first] = rows;
  if (!first) return;
  const { columns } = manager.connection.getMetadata(target);
  const properties = Object.keys(first).filter((name) => name !== 'id' && !conflictPaths.includes(name));
  const toColumns = (names: readonly string[]) =>
    columns.filter(({ propertyName }) => names.includes(propertyName)).map(({ databaseName }) => databaseName);
  await manager
    .createQueryBuilder()
    .insert()
    .into(target)
    .values([...rows])
    .orUpdate(toColumns(properties), toColumns(conflictPaths), { skipUpdateIfNoValuesChanged: true })
    .execute();
}
