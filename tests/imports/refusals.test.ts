import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../src/database/database.ts';
import { deriveScores } from '../../src/metrics/derive.ts';
import '../../src/schema.ts';
import { connectedDatabase, type Organization, org } from '../support/seed.ts';
import {
  countOf,
  FILES,
  folderOf,
  importFolder,
  MAPPING,
  refusalsOf,
  rewrite,
  rowsOf,
  valid,
} from './support.ts';

let db: Database;
beforeAll(async () => {
  db = await connectedDatabase({ derive: deriveScores });
});
afterAll(() => db.close());

const into = ({ key }: Organization, folder: string) => ({
  folder,
  mapping: valid(MAPPING),
  organization: key,
});

describe('lines that cannot go in', () => {
  it('are reported with what is wrong, and the rest goes in', async () => {
    const company = await org(db);
    const folder = folderOf({
      'people.csv': [
        ...FILES['people.csv'],
        ['', 'E4', 'One', 'North', '李雷'],
        ['Eve', 'E5', 'One', 'South', '李雷'],
        ['Twin', 'E1', 'One', 'North', '李雷'],
        [`${'x'.repeat(201)}`, 'E6', 'One', 'North', '李雷'],
      ],
      'products.csv': `code,name,price,other
P1,Widget,10.50,
P2,Gadget,-1,
P3,Gizmo,1.23456,
P4,Widget,1,
P5,=SUM(A1),12,x,y
P6,"Thing, big",1.2.3,
`,
      'companies.csv': [
        ...FILES['companies.csv'],
        ['C3', 'Ring 1', 'C4', '', '', ''],
        ['C4', 'Ring 2', 'C3', '', '', ''],
        ['C5', 'Orphan', 'Nowhere', '', '', ''],
        ['C2', 'Mother again', '', '', '', ''],
      ],
      'contacts.csv': [...FILES['contacts.csv'], ['K2', 'C9', 'Nobody', '']],
      'deals.csv': [
        ...FILES['deals.csv'],
        ['D5', 'Nobody', '', '', 'open', '2020-04-01', '', '', ''],
        ['D6', 'E1', 'Nowhere', 'Nothing', 'open', '2020-04-01', '', '', ''],
        ['D7', 'E1', '', '', 'stuck', '2020-04-01', '', '', ''],
        ['D8', 'E1', '', '', 'won', '2020-04-01', '2020-03-01', '5', ''],
        ['D9', 'E1', '', '', 'won', '', '2020-03-01', 'a lot', ''],
        ['D10', 'E1', '', '', 'open', '2019-12-31', '', '', ''],
        ['D11', 'E1', '', '', 'open', '2199-01-01', '', '', ''],
        ['D12', 'E1', '', '', 'won', '2020-04-01', '2020-05-01', '', ''],
        ['D1', 'E1', '', '', 'open', '2020-04-01', '', '', ''],
        ['', 'E1', '', '', 'open', '2020-04-01', '', '', ''],
        ['D13', 'E1', '', 'Wigdet', 'open', '30.02.2020', '', '', ''],
        ['D14', 'E1', '', 'Wigdet', 'open', '2020-04-02', '', '3', ''],
      ],
    });
    const result = await importFolder(db, into(company, folder));

    expect(refusalsOf(folder, 'people.refused.csv')).toEqual([
      '6 team line 2 says something else about the same record',
      '5 name is missing',
      '7 number line 2 has the same external id',
      '8 name is longer than 200 characters',
    ]);
    expect(refusalsOf(folder, 'products.refused.csv')).toEqual([
      '3 price is negative',
      '4 price has more than four digits after the point',
      '6  has 5 fields where the header has 4',
      '7 price is not a number',
      '5 name Another product is already called "widget".',
    ]);
    expect(refusalsOf(folder, 'companies.refused.csv')).toEqual([
      '7 id line 3 has the same external id',
      '4 mother no customer has this external id or name',
      '5 mother no customer has this external id or name',
      '6 mother no customer has this external id or name',
    ]);
    expect(refusalsOf(folder, 'contacts.refused.csv')).toEqual([
      '3 company no customer has this external id or name',
    ]);
    expect(refusalsOf(folder, 'deals.refused.csv')).toEqual([
      '8 state is not a status that the mapping knows: new, open, won, lost',
      '9 closed lies before "Talking" was entered',
      '10 value is not a number',
      '10 opened is missing',
      '11 opened lies before 2020-01-01, from when the mapping has people in teams',
      '12 opened lies in the future',
      '13 value is missing',
      '14 id line 2 has the same external id',
      '15 id is missing',
      '16 opened is not a day written YYYY-MM-DD',
      '3 product no product has this external id, name or alias',
      '5 product no product has this external id, name or alias',
      '6 seller no member has this external id, employee number or name',
      '7 company no customer has this external id or name',
    ]);
    expect(countOf(result, 'opportunities')).toEqual({ read: 16, created: 3, refused: 13 });
    expect(countOf(result, 'products')).toEqual({ read: 6, created: 1, refused: 5 });
    expect(countOf(result, 'customers')).toEqual({ read: 6, created: 2, refused: 4 });
    expect(countOf(result, 'contacts')).toEqual({ read: 2, created: 1, refused: 1 });
    expect(countOf(result, 'members')).toEqual({ read: 14, created: 6, repeated: 5, refused: 3 });
    expect(countOf(result, 'teams')).toEqual({ read: 14, created: 4, repeated: 9, refused: 1 });
  });

  it('are reported in a file that no spreadsheet runs, and that goes when all is well', async () => {
    const company = await org(db);
    const mapping = valid({
      currency: 'CNY',
      products: [{ file: 'p.csv', externalId: 'id', name: 'name', listPrice: 'price' }],
    });
    const folder = folderOf({ 'p.csv': 'id,name,price\n1,A,=1+1\n2,B,@x\n' });
    const { report } = await importFolder(db, { folder, mapping, organization: company.key });
    const file = path.join(folder, 'p.refused.csv');
    expect(report.files).toEqual([{ path: file, elsewhere: false }]);
    expect(rowsOf(file)).toEqual([
      { file: 'p.csv', line: '2', column: 'price', value: "'=1+1", reason: 'is not a number' },
      { file: 'p.csv', line: '3', column: 'price', value: "'@x", reason: 'is not a number' },
    ]);

    rewrite(folder, 'p.csv', 'id,name,price\n1,A,2\n2,B,3\n');
    const again = await importFolder(db, { folder, mapping, organization: company.key });
    expect(again.report.files).toEqual([]);
    expect(() => rowsOf(file)).toThrow(/ENOENT/);
  });

  it('are reported in the working directory when the folder takes no file', async () => {
    const company = await org(db);
    const mapping = valid({
      currency: 'CNY',
      products: [{ file: 'p.csv', externalId: 'id', name: 'name', listPrice: 'price' }],
    });
    const folder = folderOf({ 'p.csv': 'id,name,price\n1,A,x\n' });
    const workingDirectory = folderOf({});
    mkdirSync(path.join(folder, 'p.refused.csv'));
    const { report } = await importFolder(db, {
      folder,
      mapping,
      organization: company.key,
      workingDirectory,
    });
    const file = path.join(workingDirectory, 'p.refused.csv');
    expect(report.files).toEqual([{ path: file, elsewhere: true }]);
    expect(rowsOf(file)).toHaveLength(1);
  });

  it('do not take others of their batch with them when only the database objects', async () => {
    const company = await org(db);
    const mapping = valid({
      currency: 'CNY',
      customers: [{ file: 'c.csv', externalId: 'id', name: 'name', foundedYear: 'year' }],
    });
    const lines = Array.from({ length: 700 }, (_, at) => `${at},Customer ${at},2000`);
    lines[5] = '5,Too old,3';
    lines[600] = '600,Too old as well,4';
    const folder = folderOf({ 'c.csv': `id,name,year\n${lines.join('\n')}` });
    const result = await importFolder(db, { folder, mapping, organization: company.key });
    expect(countOf(result, 'customers')).toEqual({ read: 700, created: 698, refused: 2 });
    const refused = rowsOf(path.join(folder, 'c.refused.csv'));
    expect(refused.map(({ line }) => line)).toEqual(['7', '602']);
  });
});
