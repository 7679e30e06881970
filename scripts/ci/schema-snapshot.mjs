// What a database holds, in a form that can be compared. `source` is a TypeORM DataSource.

/** Everything that migrations make, one line each. */
export async function readSchema(source) {
  return (await source.query(SCHEMA)).map(({ line }) => line);
}

const SCHEMA = `
  WITH ours AS (SELECT oid, relname, relkind, relpersistence, reloptions FROM pg_class
                WHERE relnamespace = 'public'::regnamespace AND relname !~ '^migrations')
  SELECT line FROM (
    SELECT format('relation %s %s %s %s', relkind, relname, relpersistence, reloptions) AS line
    FROM ours WHERE relkind IN ('r', 'S', 'v')
    UNION ALL
    SELECT format('column %s.%s %s %s %s', relname, attname, format_type(atttypid, atttypmod), attnotnull,
                  pg_get_expr(adbin, adrelid))
    FROM ours JOIN pg_attribute ON attrelid = ours.oid AND attnum > 0 AND NOT attisdropped
    LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum WHERE relkind = 'r'
    UNION ALL
    SELECT format('constraint %s.%s %s', relname, conname, pg_get_constraintdef(pg_constraint.oid))
    FROM ours JOIN pg_constraint ON conrelid = ours.oid
    UNION ALL
    SELECT format('index %s', pg_get_indexdef(indexrelid)) FROM ours JOIN pg_index ON indrelid = ours.oid
    UNION ALL
    SELECT format('function %s', pg_get_functiondef(oid)) FROM pg_proc WHERE pronamespace = 'public'::regnamespace
    UNION ALL
    SELECT format('type %s', typname) FROM pg_type LEFT JOIN pg_class ON pg_class.oid = typrelid
    WHERE typnamespace = 'public'::regnamespace AND (typtype IN ('e', 'd') OR relkind = 'c')
  ) AS lines ORDER BY line`;

/** Tables with their columns. */
export async function readTables(source) {
  const rows = await source.query(
    `SELECT relname AS name, json_agg(attname ORDER BY attname) AS columns
     FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid AND attnum > 0 AND NOT attisdropped
     WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname <> 'migrations'
     GROUP BY relname ORDER BY relname`,
  );
  return new Map(rows.map(({ name, columns }) => [name, columns]));
}

export async function countRows(source, table) {
  const [{ count }] = await source.query(`SELECT count(*)::int AS count FROM "${table}"`);
  return count;
}

/** A copy of all tables; `compare` tells what of it is not there any more. */
export async function takeCopy(source) {
  const tables = await readTables(source);
  await source.query('CREATE SCHEMA before');
  for (const table of tables.keys()) await source.query(`CREATE TABLE before."${table}" AS TABLE public."${table}"`);

  return async function compare() {
    const differences = [];
    const now = await readTables(source);
    for (const [table, columns] of tables) {
      const shared = columns.filter((column) => now.get(table)?.includes(column));
      const changed = shared.length === 0 ? 0 : await countChanged(source, table, shared);
      if (changed > 0) differences.push(`${table}: ${changed} rows are not as they were`);
    }
    await source.query('DROP SCHEMA before CASCADE');
    return differences;
  };
}

/** As text, because json has no equality. */
async function countChanged(source, table, columns) {
  const row = columns.map((column) => `"${column}"::text`).join(', ');
  const [then, now] = [`SELECT ${row} FROM before."${table}"`, `SELECT ${row} FROM public."${table}"`];
  const [{ count }] = await source.query(
    `SELECT count(*)::int AS count FROM ((${then} EXCEPT ALL ${now}) UNION ALL (${now} EXCEPT ALL ${then})) AS changed`,
  );
  return count;
}
