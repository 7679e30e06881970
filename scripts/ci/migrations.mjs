// Takes a populated database down and up again, migration by migration: what a migration did not make itself stays as
// it was, all of them down leave nothing behind, and the way up gives the same schema.
import { DataSource } from 'typeorm';
import { commonOptions, MIGRATION_FILES } from '../../dist/src/database/data-source-options.js';
import { runDemo, withServer } from './dist-server.mjs';
import { countRows, readSchema, readTables, takeCopy } from './schema-snapshot.mjs';
import { withScratchDatabase } from './scratch-database.mjs';

await withScratchDatabase(async (url) => {
  // A server and a run of what there is fill the tables as life would.
  await withServer({ DATABASE_URL: url }, runDemo);
  await walkDownAndUp(url);
});

async function walkDownAndUp(url) {
  const { classes, schema } = await withSource(url, [MIGRATION_FILES], describe);
  for (let last = classes.length - 1; last >= 0; last -= 1) {
    // It knows of no later ones, so that going up goes up by one.
    await withSource(url, classes.slice(0, last + 1), async (source) => {
      const { name } = classes[last];
      await keepsTheRest(source, `${name} down`, () => source.undoLastMigration());
      await keepsTheRest(source, `${name} up`, () => source.runMigrations());
      await keepsTheRest(source, `${name} down again`, () => source.undoLastMigration());
    });
  }
  await withSource(url, classes, async (source) => {
    expectNone('All migrations down leave behind', await readSchema(source));
    await source.runMigrations();
    const again = await readSchema(source);
    expectNone('Down and up again loses', without(schema, again));
    expectNone('Down and up again adds', without(again, schema));
  });
  process.stdout.write(
    `${classes.length} migrations: down, up and down each, then all up again; nothing else changed\n`,
  );
}

async function withSource(url, migrations, work) {
  const source = await new DataSource({ ...commonOptions(url, 1), migrations }).initialize();
  try {
    return await work(source);
  } finally {
    await source.destroy();
  }
}

/** The migrations in their order, the schema they make; says what is in it. */
async function describe(source) {
  const counts = [];
  for (const table of (await readTables(source)).keys()) counts.push(`${table} ${await countRows(source, table)}`);
  process.stdout.write(`rows: ${counts.join(', ')}\n`);
  const applied = await source.query('SELECT name FROM migrations ORDER BY id');
  const byName = new Map(source.migrations.map((migration) => [migration.constructor.name, migration.constructor]));
  return { classes: applied.map(({ name }) => byName.get(name)), schema: await readSchema(source) };
}

async function keepsTheRest(source, what, move) {
  const compare = await takeCopy(source);
  await move();
  expectNone(what, await compare());
}

function expectNone(what, lines) {
  if (lines.length === 0) return;
  process.stderr.write(`${what}:\n${lines.slice(0, 20).join('\n')}\n`);
  process.exitCode = 1;
}

function without(lines, others) {
  return lines.filter((line) => !others.includes(line));
}
