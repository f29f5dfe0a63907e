import { expect, test } from 'vitest';
import { createPool } from '../../src/database/pool.ts';
import { testDatabase } from '../support/database.ts';
import { startProxy } from '../support/proxy.ts';

test.each([true, false])(
  'a server that has gone without a word is given up, and asked anew (pipeline: %s)',
  async (pipeline) => {
    const url = new URL(await testDatabase());
    const proxy = await startProxy(`http://${url.host}`);
    url.port = new URL(proxy.url).port;
    const pool = createPool({ url: url.href, size: 2, pipeline, statementTimeoutMs: 500 });
    const ask = async () =>
      (await pool.query<{ pid: number }>('select pg_backend_pid() as pid')).rows;
    const [before] = await ask();
    proxy.freeze();
    // On the connection that stands; on one that would have to be made, nobody says hello either.
    await expect(ask()).rejects.toThrow(/timeout/i);
    proxy.thaw();
    const [after] = await ask();
    expect(after?.pid).not.toBe(before?.pid);
    await pool.end();
    await proxy.close();
  },
);
