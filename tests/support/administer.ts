import pg from 'pg';

/** The same server's connection string for another database. */
export function urlOf(server: string, database: string): string {
  const url = new URL(server);
  url.pathname = `/${database}`;
  return url.href;
}

/** Runs statements against the server itself, one after the other, each in a transaction of its own. */
export async function administer(server: string, ...statements: string[]): Promise<void> {
  await withServer(server, async (client) => {
    for (const statement of statements) await client.query(statement);
  });
}

export async function listTestDatabases(server: string, prefix: string): Promise<string[]> {
  return withServer(server, async (client) => {
    const { rows } = await client.query<{ datname: string }>(
      'select datname from pg_database where starts_with(datname, $1) order by oid',
      [prefix],
    );
    return rows.map((row) => row.datname);
  });
}

async function withServer<T>(server: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: server });
  client.on('error', () => {});
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
