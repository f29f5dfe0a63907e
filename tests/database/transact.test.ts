import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createDatabase, type Database } from '../../src/database/database.ts';
import { InvalidInput, NamedError, NotAllowed } from '../../src/database/errors.ts';
import { newId } from '../../src/database/ids.ts';
import { runText } from '../../src/database/statements.ts';
import { transact } from '../../src/database/transact.ts';
import type { Tx } from '../../src/database/transaction.ts';
import { type MemberViewer, systemViewer } from '../../src/database/viewer.ts';
import { verifyLedger } from '../../src/metrics/verify.ts';
import { testDatabase } from '../support/database.ts';

/** Thrown when there is no more: kept under the key. */
class SoldOut extends NamedError {
  static {
    NamedError.register('SoldOut', SoldOut);
  }
}

interface Input {
  idempotencyKey?: string;
  name?: string;
}

describe('transact', () => {
  let url: string;
  let db: Database;
  let acme: MemberViewer;
  let other: MemberViewer;

  async function organization(): Promise<MemberViewer> {
    const id = newId();
    await db.pool.query(
      `INSERT INTO organization (id, key, name, time_zone, first_day_of_week, fiscal_month_end,
         fiscal_year_start_month, currency, locale) VALUES ($1::uuid, $1::text, 'Test', 'UTC', 1, 31, 1, 'CNY', 'zh-CN')`,
      [id],
    );
    await db.pool.query('INSERT INTO log_head (organization_id, logged_at) VALUES ($1, now())', [
      id,
    ]);
    return systemViewer(id, newId(), 'test');
  }

  beforeAll(async () => {
    url = await testDatabase();
    db = createDatabase({ url, size: 40, pipeline: true });
    acme = await organization();
    other = await organization();
  });
  afterAll(() => db.close());

  const happened = (tx: Tx, id: string, version: number) =>
    tx.event({
      type: 'thing.made',
      version: 1,
      recordType: 'Product',
      recordId: id,
      recordVersion: version,
      payload: {},
      visibility: { before: null, after: null },
    });

  /** Makes a product, which is a row and an event. */
  const make = (input: Input, viewer = acme, work?: (tx: Tx) => Promise<void>) =>
    transact(db, viewer, 'make', { ...input }, async (tx) => {
      const id = newId();
      tx.send(
        tx.insertInto('product', [{ id, name: input.name ?? id, aliases: [], createdAt: tx.now }]),
      );
      happened(tx, id, 1);
      await work?.(tx);
      return { id };
    });

  const count = async (table: 'product' | 'event', viewer = acme): Promise<number> => {
    const [row] = await runText<{ n: number }>(
      db.pool,
      `SELECT count(*) AS n FROM ${table} WHERE organization_id = $1`,
      [viewer.organizationId],
    );
    return row?.n ?? 0;
  };

  describe('under one idempotency key', () => {
    test('50 twins have one effect and equal answers, position included', async () => {
      const before = await count('product');
      const answers = await Promise.all(
        Array.from({ length: 50 }, () => make({ idempotencyKey: 'twins', name: 'twin' })),
      );
      expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
      expect(await count('product')).toBe(before + 1);
    });

    test('twins on several nodes too', async () => {
      const nodes = Array.from({ length: 3 }, () =>
        createDatabase({ url, size: 5, pipeline: true }),
      );
      const answers = await Promise.all(
        Array.from({ length: 30 }, (_, index) =>
          transact(
            nodes[index % 3] ?? db,
            acme,
            'make',
            { idempotencyKey: 'nodes' },
            async (tx) => {
              const id = newId();
              await tx.run(
                tx.insertInto('product', [{ id, name: id, aliases: [], createdAt: tx.now }]),
              );
              happened(tx, id, 1);
              return { id };
            },
          ),
        ),
      );
      expect(new Set(answers.map(({ id }) => id)).size).toBe(1);
      await Promise.all(nodes.map((node) => node.close()));
    });

    test('twins of a refusal get the same named error, and nothing is done', async () => {
      const before = await count('event');
      let calls = 0;
      const refused = await Promise.allSettled(
        Array.from({ length: 50 }, () =>
          make({ idempotencyKey: 'refused' }, acme, () => {
            calls += 1;
            throw new SoldOut('There is none left.', {
              path: ['input', 'name'],
              data: { left: 0 },
            });
          }),
        ),
      );
      for (const answer of refused) {
        expect(answer.status).toBe('rejected');
        const { reason } = answer as PromiseRejectedResult;
        expect(reason).toBeInstanceOf(SoldOut);
        expect(reason).toMatchObject({
          message: 'There is none left.',
          inputPath: ['input', 'name'],
          data: { left: 0 },
        });
      }
      expect(calls).toBe(1);
      expect(await count('event')).toBe(before);
    });

    test('another input is refused; another caller, mutation or organization has a key of its own', async () => {
      await make({ idempotencyKey: 'mine', name: 'first' });
      await expect(make({ idempotencyKey: 'mine', name: 'second' })).rejects.toMatchObject({
        name: 'IdempotencyKeyReused',
      });
      const mine = await make({ idempotencyKey: 'mine', name: 'first' });
      const hers = await make(
        { idempotencyKey: 'mine', name: 'hers' },
        { ...acme, callerKey: 'somebody else' },
      );
      const theirs = await make({ idempotencyKey: 'mine', name: 'first' }, other);
      expect(new Set([mine.id, hers.id, theirs.id]).size).toBe(3);
    });

    test('refusals of rights or shape, and failures, leave the key free', async () => {
      for (const failure of [new NotAllowed('no'), new InvalidInput('no'), new Error('a fault')]) {
        const key = { idempotencyKey: `free ${failure.name}` };
        await expect(make(key, acme, () => Promise.reject(failure))).rejects.toBe(failure);
        await expect(make(key)).resolves.toMatchObject({ id: expect.any(String) });
      }
    });
  });

  test('the log has the order of commits: also when who writes first commits last', async () => {
    const id = newId();
    await transact(db, acme, 'make', {}, async (tx) => {
      await tx.run(tx.insertInto('product', [{ id, name: id, aliases: [], createdAt: tx.now }]));
      happened(tx, id, 1);
      return {};
    });
    const started = Promise.withResolvers<void>();
    const release = Promise.withResolvers<void>();
    // Writes something of its own at once, and touches the record last.
    const slow = transact(db, acme, 'slow', { idempotencyKey: 'slow' }, async (tx) => {
      await tx.run(
        tx.insertInto('product', [{ id: newId(), name: newId(), aliases: [], createdAt: tx.now }]),
      );
      started.resolve();
      await release.promise;
      return change(tx, id);
    });
    await started.promise;
    const fast = await transact(db, acme, 'fast', {}, (tx) => change(tx, id));
    release.resolve();
    expect((await slow).position).toBeGreaterThan(fast.position);
    expect((await slow).version).toBe(fast.version + 1);
  });

  /** Locks a product, gives it a new version, says so. */
  async function change(tx: Tx, id: string): Promise<{ version: number }> {
    const row = await tx.first(
      tx.selectFrom('product').select('version').where('product.id', '=', id).forNoKeyUpdate(),
    );
    const version = Number(row?.version) + 1;
    tx.send(tx.updateTable('product').set({ version }).where('product.id', '=', id));
    happened(tx, id, version);
    return { version };
  }

  test('one organization’s open transaction delays no other', async () => {
    const hold = Promise.withResolvers<void>();
    const open = Promise.withResolvers<void>();
    const slow = make({}, acme, async () => {
      open.resolve();
      await hold.promise;
    });
    await open.promise;
    // Would wait for ever if it had to.
    await make({}, other);
    hold.resolve();
    await slow;
  });

  test('a row of another organization is neither read nor written', async () => {
    const { id } = await make({}, other);
    await expect(transact(db, acme, 'steal', {}, (tx) => change(tx, id))).rejects.toThrow();
    const rows = await transact(db, acme, 'look', {}, async (tx) => ({
      found: (
        await tx.run(tx.selectFrom('product').select('product.id').where('product.id', '=', id))
      ).length,
      changed: (
        await tx.run(
          tx
            .updateTable('product')
            .set({ name: 'x' })
            .where('product.id', '=', id)
            .returning('product.id'),
        )
      ).length,
      deleted: (
        await tx.run(tx.deleteFrom('product').where('product.id', '=', id).returning('product.id'))
      ).length,
    }));
    expect(rows).toMatchObject({ found: 0, changed: 0, deleted: 0 });
  });

  test('a storm with failures, timeouts and killed backends: no gap, no deadlock, no order broken', async () => {
    const ids = await Promise.all(Array.from({ length: 20 }, async () => (await make({})).id));
    const impatient = createDatabase({ url, size: 6, pipeline: true, statementTimeoutMs: 150 });
    const outcomes = { done: 0, failed: 0, deadlocks: 0 };
    const step = async (worker: number, turn: number) => {
      const id = ids[(worker * 7 + turn * 3) % ids.length] ?? '';
      const kind = (worker + turn) % 8;
      const node = kind === 5 ? impatient : db;
      await transact(
        node,
        acme,
        'storm',
        { idempotencyKey: `storm ${worker} ${turn}` },
        async (tx) => {
          const result = await change(tx, id);
          if (kind === 3) throw new Error('a fault after the writes');
          if (kind === 4) throw new SoldOut('named');
          if (kind === 5) await tx.text('SELECT pg_sleep(1)', []);
          if (kind === 6) await tx.text('SELECT 1 / (1 - $1::int)', [1]);
          if (kind === 7 && turn % 4 === 0)
            await tx.text('SELECT pg_terminate_backend(pg_backend_pid())', []);
          return result;
        },
      );
    };
    await Promise.all(
      Array.from({ length: 16 }, async (_, worker) => {
        for (let turn = 0; turn < 40; turn++) {
          await step(worker, turn).then(
            () => {
              outcomes.done += 1;
            },
            (error: { code?: string }) => {
              outcomes.failed += 1;
              if (error.code === '40P01') outcomes.deadlocks += 1;
            },
          );
        }
      }),
    );
    await impatient.close();
    expect(outcomes.done).toBeGreaterThan(200);
    expect(outcomes.failed).toBeGreaterThan(150);
    expect(outcomes.deadlocks).toBe(0);
    expect(await verifyLedger(url)).toEqual([]);
    const rows = await runText<{ id: string; version: number; logged: number }>(
      db.pool,
      `SELECT p.id, p.version, (SELECT max(record_version) FROM event e WHERE e.record_id = p.id) AS logged
       FROM product p WHERE p.id = ANY ($1::uuid[])`,
      [ids],
    );
    for (const row of rows) expect(row.logged).toBe(row.version);
    const unfinished = await runText(db.pool, 'SELECT FROM idempotency_key WHERE outcome IS NULL');
    expect(unfinished).toEqual([]);
  }, 60_000);
});
