import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { type SourceFile, violationsIn } from '../tools/import-rules.ts';

function read(folder: string): SourceFile[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => `${entry.parentPath}/${entry.name}`)
    .filter((path) => !path.startsWith('src/generated/'))
    .map((path) => ({ path, text: readFileSync(path, 'utf8') }));
}

test('src/ keeps to the rooms and directions of the design', () => {
  const files = read('src');
  expect(files.length).toBeGreaterThan(20);
  expect(files.flatMap(violationsIn)).toEqual([]);
});

test('no test and no tool is longer than 400 lines', () => {
  const long = [...read('tests'), ...read('tools')].filter(
    ({ text }) => text.split('\n').length > 401,
  );
  expect(long.map(({ path }) => path)).toEqual([]);
});

describe('the rules catch', () => {
  test.each([
    ['src/api/errors.ts', '../domains/tasks/model.ts', 'api/ knows no domain'],
    ['src/live/group.ts', '../api/builder.ts', 'live/ is handed `execute`'],
    ['src/live/group.ts', '../schema.ts', 'live/ is handed `execute`'],
    ['src/metrics/ledger.ts', '../domains/tasks/events.ts', 'metrics/ knows no domain'],
    ['src/database/pool.ts', '../events/log.ts', 'database may import'],
    ['src/calendar/days.ts', '../metrics/store.ts', 'calendar may import'],
    ['src/domains/tasks/service.ts', '../../api/context.ts', 'a domain’s core knows no GraphQL'],
    ['src/domains/tasks/service.ts', './graphql/types.ts', 'a domain’s core knows no GraphQL'],
    ['src/domains/tasks/service.ts', '../../server/http.ts', 'domain may import'],
    ['src/domains/customers/service.ts', '../tasks/service.ts', 'tasks comes after customers'],
    ['src/domains/customers/graphql/types.ts', '../../tasks/graphql/types.ts', 'tasks comes after'],
    ['src/domains/tasks/service.ts', '../customers/store.ts', 'only customers touches its tables'],
    ['src/domains/tasks/service.ts', '../customers/graphql/types.ts', 'core knows no GraphQL'],
    ['src/server/http.ts', '../domains/tasks/graphql/types.ts', 'server/ knows no domain'],
    ['src/database/pool.ts', '../settings.ts', 'take the value as a parameter'],
    ['src/events/feed.ts', '../settings.ts', 'take the value as a parameter'],
    ['src/screens/wall.ts', '../domains/tasks/model.ts', 'screens/ knows no domain'],
    ['src/screens/wall.ts', '../api/context.ts', 'clients import client/'],
    ['src/events/log.ts', '../../tests/support/database.ts', 'nothing outside of itself'],
  ])('%s importing %s', (path, target, advice) => {
    for (const text of [
      `import { x } from '${target}';\n`,
      `import {\n  x,\n  type Y,\n} from '${target}';\n`,
      `export * from '${target}';\n`,
      `const { x } = await import('${target}');\n`,
    ]) {
      expect(violationsIn({ path, text })).toEqual([expect.stringContaining(advice)]);
    }
  });

  test.each([
    ['src/domains/tasks/service.ts', 'graphql', 'do it in src/domains/tasks/graphql/'],
    ['src/domains/tasks/rules.ts', '@pothos/core', 'this room knows no GraphQL'],
    ['src/events/log.ts', 'graphql', 'this room knows no GraphQL'],
    ['src/api/context.ts', 'graphql-yoga', 'only server/ knows how requests arrive'],
    ['src/live/socket.ts', 'ws', 'only server/ knows how requests arrive'],
    ['src/domains/tasks/graphql/subscriptions.ts', 'graphql-ws/use/ws', 'only server/ knows'],
  ])('%s importing the package %s', (path, name, advice) => {
    expect(violationsIn({ path, text: `import { x } from '${name}';\n` })).toEqual([
      expect.stringContaining(advice),
    ]);
  });

  test.each([
    ['src/domains/tasks/service.ts', 'contains raw SQL', 'const x = sql`select 1`;'],
    ['src/domains/tasks/service.ts', 'contains raw SQL', 'const x = sql<number>`select 1`;'],
    ['src/domains/tasks/service.ts', 'contains raw SQL', "await tx.text('select 1');"],
    ['src/live/groups.ts', 'contains raw SQL', "await client.query('select 1');"],
    ['src/domains/tasks/rules.ts', 'has a default export', 'export default {};'],
    ['src/domains/tasks/rules.ts', 'has 401 lines, and 400 is the limit', '// x\n'.repeat(401)],
    ['src/main.ts', 'has 61 lines, and 60 is the limit', '// x\n'.repeat(61)],
    ['src/domains/gossip/rules.ts', 'the domain gossip has no place in DOMAINS', ''],
    ['src/utils/helpers.ts', 'the room utils is not in ALLOWED', ''],
  ])('%s when it %s', (path, advice, text) => {
    expect(violationsIn({ path, text })).toEqual([expect.stringContaining(advice)]);
  });

  test('nothing in what the design allows', () => {
    const allowed = [
      ['src/main.ts', './app.ts'],
      ['src/app.ts', './server/http.ts'],
      ['src/server/http.ts', '../schema.ts'],
      ['src/schema.ts', './domains/tasks/graphql/types.ts'],
      ['src/domains/tasks/graphql/types.ts', '../../../api/builder.ts'],
      ['src/domains/tasks/graphql/types.ts', '../service.ts'],
      ['src/domains/tasks/graphql/extends-customer.ts', '../../customers/graphql/types.ts'],
      ['src/domains/tasks/service.ts', '../customers/service.ts'],
      ['src/domains/tasks/service.ts', './store.ts'],
      ['src/domains/tasks/events.ts', '../../metrics/definition.ts'],
      ['src/metrics/ledger.ts', '../events/log.ts'],
      ['src/events/log.ts', '../database/pool.ts'],
      ['src/commands/migrate.ts', '../settings.ts'],
      ['src/settings.ts', './settings-reader.ts'],
    ];
    for (const [path = '', target] of allowed) {
      expect(violationsIn({ path, text: `import { x } from '${target}';\n` })).toEqual([]);
    }
    expect(
      violationsIn({ path: 'src/domains/tasks/store.ts', text: 'const x = sql`select 1`;' }),
    ).toEqual([]);
    expect(
      violationsIn({ path: 'src/domains/tasks/rules.ts', text: '// sql`select` in words\n' }),
    ).toEqual([]);
  });
});
