import pg from 'pg';
import { describe, expect, test } from 'vitest';
import { describeError } from '../../src/server/log.ts';
import { emptyDatabase } from '../support/database.ts';

async function failureOf(...statements: string[]): Promise<unknown> {
  const client = new pg.Client({ connectionString: await emptyDatabase() });
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
    return null;
  } catch (error) {
    return error;
  } finally {
    await client.end();
  }
}

describe('an error in the log', () => {
  test('of PostgreSQL has its code and no values', async () => {
    const failures = [
      await failureOf(
        'create temp table person (phone text unique)',
        "insert into person values ('13800001111')",
        "insert into person values ('13800001111')",
      ),
      await failureOf("select '13800001111'::int"),
      await failureOf("select 'x13800001111'::int"),
    ];
    expect(failures.map((failure) => describeError(failure))).toMatchObject([
      { code: '23505', message: expect.stringContaining('person_phone_key') },
      { code: '22003', message: expect.stringContaining('out of range') },
      { code: '22P02', message: expect.stringContaining('invalid input syntax for type integer') },
    ]);
    expect(JSON.stringify(failures.map((failure) => describeError(failure)))).not.toContain('138');
  });

  test('of Prisma keeps what is wrong and not the query', () => {
    const error = new Error(
      '\nInvalid `findMany()` invocation:\n{ where: { name: "王小明" } }\n\nUnknown argument `nam`.',
    );
    error.name = 'PrismaClientValidationError';
    expect(describeError(error)).toMatchObject({ message: 'Unknown argument `nam`.' });
  });

  test('names the place and the cause', () => {
    const described = describeError(new TypeError('outer', { cause: new Error('inner') }));
    expect(described).toMatchObject({
      name: 'TypeError',
      message: 'outer',
      cause: { message: 'inner' },
    });
    expect(JSON.stringify(described)).toContain('log.test.ts');
  });

  test('that is no error says only what it is', () => {
    expect(describeError({ password: 'x' })).toBe('object');
  });
});
