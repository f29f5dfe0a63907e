import { expect, test } from 'vitest';
import { transact } from '../../src/database/transact.ts';
import { logWriter, openDatabase } from '../events/log-writer.ts';
import { testDatabase } from '../support/database.ts';

test('a commit tells how long it waited for the head of its organization, and one without events nothing', async () => {
  const db = openDatabase(await testDatabase());
  const writer = await logWriter(db);
  const waits: (number | null)[] = [];
  db.commitListeners.add((_organization, _position, waitedMs) => waits.push(waitedMs));

  const holder = await db.pool.connect();
  await holder.query('BEGIN');
  await holder.query('SELECT FROM log_head WHERE organization_id = $1 FOR UPDATE', [
    writer.organizationId,
  ]);
  const writing = writer.write();
  await expect
    .poll(async () => {
      const { rowCount } = await db.pool.query(
        `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'
           AND query LIKE '%finish_v2%'`,
      );
      return rowCount;
    })
    .toBe(1);
  const seenWaiting = performance.now();
  await holder.query('SELECT pg_sleep(0.05)');
  const letGo = performance.now();
  await holder.query('COMMIT');
  holder.release();
  await writing;
  expect(waits).toHaveLength(1);
  expect(waits[0]).toBeGreaterThanOrEqual(letGo - seenWaiting);

  await transact(db, writer.viewer, 'nothing', {}, () => Promise.resolve({}));
  expect(waits[1]).toBeNull();
  await db.close();
});
