// What the documents say must be in the tree: operations, commands, links, rooms, settings.
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { ALLOWED, DOMAINS } from '../../tools/import-rules.ts';
import { operationsIn, readText, sourceFiles, squeezed } from './documents.ts';

const READMES = ['README.md', 'README.zh-CN.md'];
const DECISIONS = readdirSync('docs/decisions').map((name) => `docs/decisions/${name}`);
const DOCUMENTS = [...READMES, 'docs/operations.md', 'schema/CHANGELOG.md', ...DECISIONS];

interface Block {
  language: string;
  text: string;
}

const blocksIn = (text: string): Block[] =>
  [...text.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)].map(([, language = '', body = '']) => ({
    language,
    text: body,
  }));

/** A document without its code blocks. */
const proseOf = (text: string): string => text.replaceAll(/^```[\s\S]*?^```$/gm, '');

const headingsOf = (text: string): string[] =>
  [...proseOf(text).matchAll(/^(#+) /gm)].map(([, marks = '']) => marks);

/** First cells of the tables, which are code and so the same in every language. */
const codeCellsOf = (text: string): string[] =>
  [...proseOf(text).matchAll(/^\| (`[^|]*) \|/gm)].map(([, cell = '']) =>
    cell.replaceAll('、', ', '),
  );

describe.each(READMES)('%s', (file) => {
  const text = readText(file);
  const known = new Map(
    sourceFiles
      .flatMap((source) => operationsIn(source.text))
      .map((operation) => [squeezed(operation.text), operation.name]),
  );

  test('shows operations of schema/operations, word for word', () => {
    const shown = blocksIn(text).filter(({ language }) => language === 'graphql');
    const names = shown.map((block) => known.get(squeezed(block.text)) ?? block.text);
    expect(names).toEqual([
      'SignIn',
      'Leaderboards',
      'OpenOpportunities',
      'WatchBoard',
      'WinOpportunity',
      'ScoreEntries',
    ]);
  });

  test('has variables that are JSON', () => {
    const variables = blocksIn(text).filter(({ language }) => language === 'json');
    expect(variables.map((block) => Object.keys(JSON.parse(block.text)))).toEqual([
      ['input'],
      ['id'],
      ['input'],
    ]);
  });

  test('maps every room that there is, and none that the rules do not know', () => {
    const rooms = readdirSync('src', { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => `\`src/${name}/\``);
    const mapped = codeCellsOf(text).filter((cell) => /^`src\/\w+\/`$/.test(cell));
    expect(rooms.filter((room) => !mapped.includes(room))).toEqual([]);
    const allowed = [...Object.keys(ALLOWED), 'domains', 'generated'].map(
      (room) => `\`src/${room}/\``,
    );
    expect(mapped.filter((room) => !allowed.includes(room))).toEqual([]);
    expect(text.replaceAll('、', ', ')).toContain(DOMAINS.join(', '));
    expect(readdirSync('src/domains').sort()).toEqual([...DOMAINS].sort());
  });
});

test('both READMEs have the same sections, code and tables', () => {
  const [english = '', chinese = ''] = READMES.map(readText);
  expect(blocksIn(chinese)).toEqual(blocksIn(english));
  expect(headingsOf(chinese)).toEqual(headingsOf(english));
  expect(codeCellsOf(chinese)).toEqual(codeCellsOf(english));
  expect(chinese.match(/^\|/gm)?.length).toBe(english.match(/^\|/gm)?.length);
});

describe.each(DOCUMENTS)('%s', (file) => {
  const text = readText(file);

  test('names commands that package.json has', () => {
    const { scripts } = JSON.parse(readText('package.json')) as { scripts: object };
    const named = [...text.matchAll(/npm run ([\w:]+)/g)].map(([, name]) => name);
    expect(named.filter((name) => !Object.hasOwn(scripts, name ?? ''))).toEqual([]);
  });

  test('links to files that are there', () => {
    const targets = [...proseOf(text).matchAll(/\]\(([^)\s]+)\)/g)]
      .map(([, target = '']) => target)
      .filter((target) => !/^https?:/.test(target))
      .map((target) => path.join(path.dirname(file), target.split('#')[0] ?? ''));
    expect(targets.filter((target) => !existsSync(target))).toEqual([]);
  });
});

test('docs/operations.md lists every setting, with its default', () => {
  const rows = new Map(
    [...readText('docs/operations.md').matchAll(/^\| `([A-Z][A-Z0-9_]*)` \| (.*?) \|/gm)].map(
      ([, name = '', fallback = '']) => [name, fallback],
    ),
  );
  const code = readText('src/settings.ts');
  const read = [...code.matchAll(/read\.\w+\('([A-Z_]+)'(?:, '?([\w.]+)'?)?/g)];
  expect([...rows.keys()].sort()).toEqual([...new Set(read.map(([, name]) => name))].sort());
  for (const [, name = '', fallback = ''] of read) {
    const number = /^[\d_]+$/.test(fallback) ? fallback.replaceAll('_', '') : null;
    if (number !== null) expect(rows.get(name)).toBe(`\`${number}\``);
  }
});

test('decisions are numbered once each, and kept to a page', () => {
  const numbers = DECISIONS.map((file) => path.basename(file).slice(0, 4));
  expect(numbers.filter((number) => !/^\d{4}$/.test(number))).toEqual([]);
  expect(new Set(numbers).size).toBe(numbers.length);
  const titles = DECISIONS.map((file) => readText(file).split('\n')[0]);
  expect(titles).toEqual(
    numbers.map((number) => expect.stringMatching(new RegExp(`^# ${Number(number)}\\. `))),
  );
  const long = DECISIONS.filter((file) => readText(file).split('\n').length > 70);
  expect(long).toEqual([]);
});
