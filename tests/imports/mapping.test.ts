import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { loadMapping, mappingProblems } from '../../src/imports/mapping.ts';

const MAPPINGS = fileURLToPath(new URL('../../src/imports/mappings/', import.meta.url));

const opportunities = (more: object) => ({
  file: 'deals.csv',
  externalId: 'id',
  name: 'title',
  funnel: { value: 'sales' },
  owner: 'agent',
  status: 'stage',
  statuses: { Open: { enters: [{ stage: 'New', on: 'opened' }] } },
  ...more,
});

const funnel = {
  externalId: 'sales',
  name: 'Sales',
  stages: [
    { name: 'New', kind: 'OPEN', probability: '0.5' },
    { name: 'Won', kind: 'WON', probability: '1' },
    { name: 'Lost', kind: 'LOST', probability: '0' },
  ],
};

describe('a mapping', () => {
  it('that comes with the product is valid', () => {
    const files = readdirSync(MAPPINGS);
    expect(files).toContain('crm-sales-opportunities.json');
    for (const file of files) expect(loadMapping(`${MAPPINGS}${file}`).currency).toBe('USD');
  });

  it('may be as short as what it imports', () => {
    const mapping = { currency: 'CNY', funnels: [funnel], opportunities: [opportunities({})] };
    expect(mappingProblems(mapping)).toEqual([]);
  });

  it.each([
    [
      'a field that does not exist',
      { products: [{ file: 'p.csv', externalId: 'id', name: 'n', colour: 'c' }] },
      /^products\[0\]: does not know "colour"; it knows file, .*listPrice/,
    ],
    [
      'a value from two places',
      { products: [{ file: 'p.csv', externalId: 'id', name: { column: 'n', value: 'x' } }] },
      /^products\[0\]\.name: must have exactly one of column, value, template, firstOf and lookup$/,
    ],
    [
      'a missing field',
      { products: [{ file: 'p.csv', name: 'n' }] },
      /^products\[0\]: "externalId" is missing$/,
    ],
    [
      'an unknown encoding',
      { encoding: 'latin1' },
      /^encoding: is "latin1"; it can be utf-8, gb18030, utf-16le$/,
    ],
    [
      'a file outside the folder',
      { products: [{ file: '../p.csv', externalId: 'id', name: 'n' }] },
      /^products\[0\]\.file: is "\.\.\/p\.csv", which does not look like/,
    ],
    [
      'people without a day',
      { teams: [{ file: 't.csv', externalId: 'id', name: 'n' }] },
      /^membersFrom: is missing/,
    ],
    ['a day that does not exist', { membersFrom: '2017-02-30' }, /^membersFrom: there is no day/],
    [
      'a stage that the funnel has not',
      {
        funnels: [funnel],
        opportunities: [
          opportunities({ statuses: { Hot: { enters: [{ stage: 'Hot', on: 'opened' }] } } }),
        ],
      },
      /^opportunities\[0\]\.statuses\.Hot: the funnel "Sales" has no stage "Hot"$/,
    ],
    [
      'a winning without an amount',
      {
        funnels: [funnel],
        opportunities: [
          opportunities({ statuses: { Won: { enters: [{ stage: 'Won', on: 'closed' }] } } }),
        ],
      },
      /^opportunities\[0\]\.statuses\.Won: "wonAmount" is missing/,
    ],
  ])('is refused for %s, saying where', (_what, part, sentence) => {
    const problems = mappingProblems({ currency: 'USD', ...part });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(sentence);
  });

  it('tells everything that is wrong at once', () => {
    expect(mappingProblems({ currency: 'dollars', dates: [], teams: 1 })).toHaveLength(3);
    expect(mappingProblems([])).toEqual(['the mapping: must be object']);
  });
});
