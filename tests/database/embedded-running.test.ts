import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { expect, it } from 'vitest';
import { startEmbedded } from '../../src/database/embedded.ts';
import { runningEmbedded } from '../../src/database/embedded-running.ts';

it('a command finds the database of a Muster that runs, and nothing once it has stopped', async () => {
  const directory = mkdtempSync(path.join(tmpdir(), 'muster-running-'));
  expect(runningEmbedded(directory)).toBeNull();
  const server = await startEmbedded({ directory, throwaway: true });
  try {
    const url = runningEmbedded(directory);
    expect(url).toBe(server.url);
    const client = new pg.Client(url ?? '');
    await client.connect();
    const { rows } = await client.query('SELECT current_database() AS name');
    expect(rows).toEqual([{ name: 'muster' }]);
    await client.end();
  } finally {
    await server.stop();
  }
  expect(runningEmbedded(directory)).toBeNull();
});
