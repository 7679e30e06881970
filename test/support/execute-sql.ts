import { Client } from 'pg';

/** Runs one statement on a connection of its own and gives its rows. */
export async function executeSql<Row extends object>(url: string, sql: string): Promise<Row[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Row>(sql)).rows;
  } finally {
    await client.end();
  }
}
