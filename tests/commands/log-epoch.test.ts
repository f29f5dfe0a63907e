import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { createFeed } from '../../src/events/feed.ts';
import { collector } from '../events/collector.ts';
import { logWriter, openDatabase } from '../events/log-writer.ts';
import { testDatabase } from '../support/database.ts';

test('npm run log:epoch makes every running node begin anew', async () => {
  const url = await testDatabase();
  const db = openDatabase(url);
  const feed = createFeed(db, { pollMs: 20 });
  await feed.start();
  const writer = await logWriter(db);
  const seen = collector();
  const hold = await feed.follow(writer.organizationId, seen);
  const position = await writer.write();
  await seen.reached(position);
  const before = feed.epoch;
  const { stdout } = await promisify(execFile)(process.execPath, ['src/commands/log-epoch.ts'], {
    env: { ...process.env, DATABASE_URL: url },
  });
  await seen.until(({ resets }) => resets.length === 1);
  expect(feed.epoch).not.toBe(before);
  expect(stdout).toContain(feed.epoch);
  hold.release();
  await feed.stop();
  await db.close();
});
