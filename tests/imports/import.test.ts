import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../src/database/database.ts';
import { readerFor } from '../../src/database/reader.ts';
import { ImportError } from '../../src/imports/model.ts';
import { deriveScores } from '../../src/metrics/derive.ts';
import '../../src/schema.ts';
import { connectedDatabase, type Organization, org } from '../support/seed.ts';
import {
  countOf,
  everything,
  FILES,
  folderOf,
  importFolder,
  logPosition,
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

describe('an import', () => {
  let company: Organization;
  let folder: string;
  beforeAll(async () => {
    company = await org(db);
    folder = folderOf(FILES);
  });

  it('brings in every kind of record', async () => {
    const result = await importFolder(db, into(company, folder));
    expect(result.report.refusals).toBe(0);
    expect(countOf(result, 'teams')).toEqual({ read: 6, created: 3, repeated: 3 });
    expect(countOf(result, 'members')).toEqual({ read: 6, created: 5, repeated: 1 });
    expect(countOf(result, 'funnels')).toEqual({ read: 1, created: 1 });
    expect(countOf(result, 'products')).toEqual({ read: 2, created: 2 });
    expect(countOf(result, 'customers')).toEqual({ read: 2, created: 2 });
    expect(countOf(result, 'contacts')).toEqual({ read: 1, created: 1 });
    expect(countOf(result, 'opportunities')).toEqual({ read: 4, created: 4 });
  });

  it('puts people into their teams from the day of the mapping on', async () => {
    const reader = readerFor(db, await company.viewer());
    const teams = await reader.team.findMany({
      orderBy: { name: 'asc' },
      include: {
        parentages: { include: { parent: true } },
        leaderships: { include: { member: true } },
        memberships: { include: { member: true }, orderBy: { member: { name: 'asc' } } },
      },
    });
    const from = new Date('2019-12-31T16:00:00Z'); // 2020-01-01 in Shanghai
    const told = teams.map(({ name, parentages, leaderships, memberships }) => [
      name,
      parentages.map(({ parent }) => parent.name),
      leaderships.map(({ member }) => member.name),
      memberships.map(({ member }) => `${member.employeeNumber} ${member.name} ${member.role}`),
    ]);
    expect(told).toEqual([
      ['North', [], [], []],
      ['Team One', ['North'], ['李雷'], ['E2 Bob MEMBER', 'B01 李雷 MANAGER', 'E1 王芳 MEMBER']],
      ['Team Two', ['North'], ['Dora'], ['E3 Cem MEMBER', 'B02 Dora MANAGER']],
    ]);
    const stays = teams.flatMap((team) => [
      ...team.parentages,
      ...team.leaderships,
      ...team.memberships,
    ]);
    expect(stays).toHaveLength(9);
    for (const stay of stays) expect(stay).toMatchObject({ from, until: null });
    const credentials = await db.prisma.credential.count({
      where: { organizationId: company.organizationId },
    });
    expect(credentials).toBe(1); // The administrator's.
  });

  it('links what belongs together, and knows since when', async () => {
    const reader = readerFor(db, await company.viewer());
    const customers = await reader.customer.findMany({ orderBy: { externalId: 'asc' } });
    const members = new Map((await reader.member.findMany()).map(({ id, name }) => [id, name]));
    const [daughter, mother] = customers;
    expect(daughter).toMatchObject({
      parentId: mother?.id,
      createdAt: new Date('2020-01-05T04:00Z'),
    });
    expect(daughter?.annualRevenue?.toFixed()).toBe('1500000');
    expect(members.get(daughter?.ownerId ?? '')).toBe('王芳');
    expect(members.get(mother?.ownerId ?? '')).toBe('李雷');
    const contacts = await reader.contact.findMany();
    expect(contacts).toMatchObject([{ name: '张三', post: '经理', customerId: daughter?.id }]);
  });

  it('gives opportunities their history, and tells unknown amounts from zero', async () => {
    const reader = readerFor(db, await company.viewer());
    const deals = await reader.opportunity.findMany({
      orderBy: { externalId: 'asc' },
      include: {
        stage: true,
        owner: true,
        product: true,
        changes: { include: { stage: true }, orderBy: { from: 'asc' } },
      },
    });
    const told = deals.map((deal) => ({
      id: `${deal.externalId} ${deal.name}`,
      owner: deal.owner.name,
      product: deal.product?.name ?? null,
      amounts: [deal.amount?.toFixed() ?? null, deal.wonAmount?.toFixed() ?? null],
      lossReason: deal.lossReason,
      path: deal.changes.map(({ stage, from }) => `${stage.name} ${from.toISOString()}`),
    }));
    expect(told).toEqual([
      {
        id: 'D1 Widget for C1',
        owner: '王芳',
        product: 'Widget',
        amounts: [null, '100'],
        lossReason: null,
        path: ['Talking 2020-02-01T04:00:00.000Z', 'Won 2020-03-01T04:00:00.000Z'],
      },
      {
        id: 'D2 Deal D2',
        owner: 'Bob',
        product: 'Widget',
        amounts: [null, null],
        lossReason: 'price',
        path: ['Talking 2020-02-02T04:00:00.000Z', 'Lost 2020-02-20T04:00:00.000Z'],
      },
      {
        id: 'D3 Deal D3',
        owner: 'Cem',
        product: null,
        amounts: [null, null],
        lossReason: null,
        path: ['Talking 2020-04-01T04:00:00.000Z'],
      },
      {
        id: 'D4 P2 for C2',
        owner: '李雷',
        product: 'Gadget',
        amounts: ['7', null],
        lossReason: null,
        path: ['New 2020-01-31T04:00:00.000Z'],
      },
    ]);
  });

  it('lists the lines where it filled something in', () => {
    const notes = rowsOf(path.join(folder, 'deals.notes.csv'));
    expect(notes.map(({ line, column, reason }) => `${line} ${column} ${reason}`)).toEqual([
      '3 company unknown',
      '5 opened unknown: "2020-01-31" was taken',
    ]);
  });

  it('that is repeated changes nothing: no record, no event, no version', async () => {
    const before = await everything(db, company.organizationId);
    const result = await importFolder(db, into(company, folder));
    expect(await everything(db, company.organizationId)).toEqual(before);
    expect(result.report.refusals).toBe(0);
    for (const kind of ['teams', 'members', 'products', 'customers', 'contacts'] as const) {
      expect(countOf(result, kind)).not.toHaveProperty('created');
      expect(countOf(result, kind)).not.toHaveProperty('updated');
    }
    expect(countOf(result, 'opportunities')).toEqual({ read: 4, unchanged: 4 });
  });

  it('later brings in only what has changed', async () => {
    const position = await logPosition(db, company.organizationId);
    const changed = folderOf({
      ...FILES,
      'people.csv': FILES['people.csv'].map((row) =>
        row[0] === 'Bob' ? ['Robert', 'E2', 'Two', 'North', 'Dora'] : row,
      ),
      'deals.csv': FILES['deals.csv'].map((row) =>
        row[0] === 'D3'
          ? ['D3', 'Cem', 'Mother', '', 'won', '2020-04-01', '2020-05-01', '50', '']
          : row,
      ),
    });
    const result = await importFolder(db, into(company, changed));
    expect(result.report.refusals).toBe(0);
    expect(countOf(result, 'members')).toMatchObject({ updated: 1, unchanged: 4 });
    expect(countOf(result, 'opportunities')).toEqual({ read: 4, updated: 1, unchanged: 3 });
    const events = await db.prisma.event.findMany({
      where: { organizationId: company.organizationId, position: { gt: position } },
      orderBy: { position: 'asc' },
    });
    expect(events.map(({ type }) => type)).toEqual([
      'member.updated',
      'member.moved',
      'opportunity.won',
    ]);
    expect(events.at(-1)?.occurredAt).toEqual(new Date('2020-05-01T04:00Z'));
  });
});

it('made employee numbers go round those that are taken, and stay', async () => {
  const company = await org(db);
  const person = (externalId: string, name: string) => [externalId, name];
  const mapping = valid({
    currency: 'CNY',
    membersFrom: '2020-01-01',
    members: [
      {
        file: 'm.csv',
        externalId: 'id',
        name: 'name',
        employeeNumbers: { prefix: '', digits: 1 },
      },
    ],
  });
  const folder = folderOf({ 'm.csv': [['id', 'name'], person('a', 'Ann'), person('b', 'Bob')] });
  const options = { folder, mapping, organization: company.key };
  await importFolder(db, options);
  rewrite(folder, 'm.csv', [['id', 'name'], person('z', 'Zoe'), person('a', 'Ann')]);
  await importFolder(db, options);
  const members = await db.prisma.member.findMany({
    where: { organizationId: company.organizationId, externalId: { not: null } },
    orderBy: { externalId: 'asc' },
  });
  // The administrator is number 1.
  const told = members.map(({ name, employeeNumber }) => `${employeeNumber} ${name}`);
  expect(told).toEqual(['2 Ann', '3 Bob', '4 Zoe']);
});

describe('a dry run', () => {
  it('reports the same and writes nothing, also where the records are new to each other', async () => {
    const company = await org(db);
    const folder = folderOf({
      ...FILES,
      'deals.csv': [...FILES['deals.csv'], ['D5', 'Nobody', '', '', 'open', 'soon', '', '', '']],
    });
    const before = await everything(db, company.organizationId);
    const rehearsed = await importFolder(db, { ...into(company, folder), dryRun: true });
    expect(await everything(db, company.organizationId)).toEqual(before);
    const told = refusalsOf(folder, 'deals.refused.csv');
    expect(told).toEqual(['6 opened is not a day written YYYY-MM-DD']);

    const done = await importFolder(db, into(company, folder));
    expect([...done.report.counts]).toEqual([...rehearsed.report.counts]);
    expect([...done.report.notes]).toEqual([...rehearsed.report.notes]);
    expect(refusalsOf(folder, 'deals.refused.csv')).toEqual(told);
  });

  it('takes nothing that other writers wait for', async () => {
    const company = await org(db);
    const folder = folderOf(FILES);
    let position = 0n;
    // In the middle of the rehearsal somebody else writes.
    const during: Promise<unknown>[] = [];
    const write = async () => {
      await company.team('Meanwhile');
      position = await logPosition(db, company.organizationId);
    };
    const { products: _p, teams: _t, members: _m, ...rest } = MAPPING;
    const mapping = {
      ...rest,
      opportunities: rest.opportunities?.map((source) => ({ ...source, owner: { value: '1' } })),
      customers: rest.customers?.map(({ owner: _owner, ...source }) => source),
    };
    await importFolder(db, {
      ...into(company, folder),
      mapping: valid(mapping),
      dryRun: true,
      onBytes: () => {
        if (during.length === 0) during.push(write());
      },
    });
    await Promise.all(during);
    expect(position).toBe(await logPosition(db, company.organizationId));
    const made = await db.prisma.team.count({ where: { organizationId: company.organizationId } });
    expect(made).toBe(1);
  });
});

describe('nothing is done', () => {
  const products = { file: 'p.csv', externalId: 'id', name: 'name' };

  it.each([
    ['a file is missing', { products: [{ ...products, file: 'q.csv' }] }, /has no file q\.csv/],
    [
      'a column is missing',
      { products: [{ ...products, series: 'line' }] },
      /p\.csv has no column "line"; it has id, name\./,
    ],
    ['amounts are in another currency', { currency: 'USD' }, /are USD, and .* counts in CNY/],
  ])('when %s', async (_when, part, sentence) => {
    const company = await org(db);
    const folder = folderOf({ 'p.csv': 'id,name\n1,A\n' });
    const mapping = valid({ currency: 'CNY', products: [products], ...part });
    const before = await logPosition(db, company.organizationId);
    const run = importFolder(db, { folder, mapping, organization: company.key });
    await expect(run).rejects.toThrow(sentence);
    await expect(run).rejects.toBeInstanceOf(ImportError);
    expect(await logPosition(db, company.organizationId)).toBe(before);
  });

  it('when it is not clear in which organization', async () => {
    const folder = folderOf({ 'p.csv': 'id,name\n1,A\n' });
    const mapping = valid({ currency: 'CNY', products: [products] });
    await expect(importFolder(db, { folder, mapping, organization: 'nowhere' })).rejects.toThrow(
      /There is no organization with the key "nowhere"/,
    );
    await org(db);
    await org(db);
    await expect(importFolder(db, { folder, mapping })).rejects.toThrow(/Say which --organization/);
  });
});

it('the organization of the mapping is made when it is not there, but not in a dry run', async () => {
  const folder = folderOf({ 'p.csv': 'id,name\n1,A\n' });
  const mapping = valid({
    currency: 'EUR',
    organization: {
      key: 'made-by-import',
      name: 'Made',
      timeZone: 'Europe/Berlin',
      administrator: { employeeNumber: 'ADMIN', name: 'Admin' },
    },
    products: [{ file: 'p.csv', externalId: 'id', name: 'name' }],
  });
  const find = () => db.prisma.organization.findUnique({ where: { key: 'made-by-import' } });
  const rehearsed = await importFolder(db, { folder, mapping, dryRun: true });
  expect(countOf(rehearsed, 'products')).toEqual({ read: 1, created: 1 });
  expect(await find()).toBeNull();
  const first = await importFolder(db, { folder, mapping });
  expect(first.target.made).toMatchObject({ employeeNumber: 'ADMIN' });
  expect(await find()).toMatchObject({ currency: 'EUR', timeZone: 'Europe/Berlin' });
  const second = await importFolder(db, { folder, mapping });
  expect(second.target.made).toBeNull();
  expect(countOf(second, 'products')).toEqual({ read: 1, unchanged: 1 });
});
