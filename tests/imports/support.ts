import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parse } from 'csv-parse/sync';
import type { Database } from '../../src/database/database.ts';
import { mappingProblems } from '../../src/imports/mapping.ts';
import type { Kind, Mapping } from '../../src/imports/model.ts';
import type { Count } from '../../src/imports/report.ts';
import { type ImportOptions, type ImportResult, runImport } from '../../src/imports/run.ts';

/** A new folder with these files: columns of fields, or text as it stands. */
export function folderOf(files: Record<string, string | readonly (readonly string[])[]>): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'muster-import-'));
  for (const [name, content] of Object.entries(files)) rewrite(folder, name, content);
  return folder;
}

export function rewrite(
  folder: string,
  name: string,
  content: string | readonly (readonly string[])[],
): void {
  const text =
    typeof content === 'string' ? content : content.map((row) => row.join(',')).join('\n');
  writeFileSync(path.join(folder, name), text);
}

/** The mapping, once it has been found valid. */
export function valid(mapping: Mapping): Mapping {
  const problems = mappingProblems(mapping);
  if (problems.length > 0) throw new Error(problems.join('\n'));
  return mapping;
}

export const importFolder = (
  db: Database,
  options: Omit<ImportOptions, 'dryRun'> & { dryRun?: boolean },
): Promise<ImportResult> => runImport(db, { dryRun: false, ...options });

/** Rows of a CSV file, read by nothing of ours. */
export const rowsOf = (file: string): Record<string, string>[] =>
  parse(readFileSync(file), { columns: true, bom: true });

/** The report as `line column reason`. */
export const refusalsOf = (folder: string, name: string): string[] =>
  rowsOf(path.join(folder, name)).map(({ line, column, reason }) => `${line} ${column} ${reason}`);

const NONE: Count = { read: 0, created: 0, updated: 0, unchanged: 0, repeated: 0, refused: 0 };

export const countOf = ({ report }: ImportResult, kind: Kind): Partial<Count> =>
  Object.fromEntries(
    Object.entries({ ...NONE, ...report.counts.get(kind) }).filter(([, count]) => count > 0),
  );

export async function logPosition(db: Database, organizationId: string): Promise<bigint> {
  const head = await db.prisma.logHead.findUniqueOrThrow({ where: { organizationId } });
  return head.position;
}

/** What an import can have written, as it stands: to prove that nothing has changed. */
export async function everything(db: Database, organizationId: string): Promise<unknown> {
  const where = { organizationId };
  const orderBy = { id: 'asc' as const };
  return {
    head: await db.prisma.logHead.findUnique({ where }),
    teams: await db.prisma.team.findMany({ where, orderBy }),
    members: await db.prisma.member.findMany({ where, orderBy }),
    memberships: await db.prisma.membership.findMany({ where, orderBy }),
    leaderships: await db.prisma.teamLeadership.findMany({ where, orderBy }),
    products: await db.prisma.product.findMany({ where, orderBy }),
    customers: await db.prisma.customer.findMany({ where, orderBy }),
    contacts: await db.prisma.contact.findMany({ where, orderBy }),
    funnels: await db.prisma.funnel.findMany({ where, orderBy }),
    opportunities: await db.prisma.opportunity.findMany({ where, orderBy }),
    stages: await db.prisma.stageChange.findMany({ where, orderBy }),
    entries: await db.prisma.scoreEntry.count({ where }),
  };
}

/** A small company: two teams, four people, deals of every outcome. */
export const FILES = {
  'people.csv': [
    ['name', 'number', 'team', 'office', 'boss'],
    ['王芳', 'E1', 'One', 'North', '李雷'],
    ['Bob', 'E2', 'One', 'North', '李雷'],
    ['Cem', 'E3', 'Two', 'North', 'Dora'],
  ],
  'products.csv': [
    ['code', 'name', 'price', 'other'],
    ['P1', 'Widget', '10.50', 'Wdgt;W'],
    ['P2', 'Gadget', '', ''],
  ],
  'companies.csv': [
    ['id', 'name', 'mother', 'phones', 'since', 'sales'],
    // The mother company stands below.
    ['C1', 'Daughter', 'Mother', '010-1234;138 0013 8000', '2020-01-05', '1.5'],
    ['C2', 'Mother', '', '', '', ''],
  ],
  'contacts.csv': [
    ['id', 'company', 'name', 'post'],
    ['K1', 'C1', '张三', '经理'],
  ],
  'deals.csv': [
    ['id', 'seller', 'company', 'product', 'state', 'opened', 'closed', 'value', 'why'],
    ['D1', 'E1', 'C1', 'Widget', 'won', '2020-02-01', '2020-03-01', '100', ''],
    ['D2', 'E2', '', 'W', 'lost', '2020-02-02', '2020-02-20', '0', 'price'],
    ['D3', 'Cem', 'Mother', '', 'open', '2020-04-01', '', '', ''],
    ['D4', '李雷', 'C2', 'P2', 'new', '', '', '7', ''],
  ],
} as const;

export const MAPPING: Mapping = {
  currency: 'CNY',
  membersFrom: '2020-01-01',
  teams: [
    { file: 'people.csv', distinct: true, externalId: 'office', name: 'office' },
    {
      file: 'people.csv',
      distinct: true,
      externalId: 'team',
      name: { template: 'Team {team}' },
      parent: 'office',
      leader: 'boss',
    },
  ],
  members: [
    {
      file: 'people.csv',
      distinct: true,
      externalId: 'boss',
      name: 'boss',
      employeeNumbers: { prefix: 'B', digits: 2 },
      role: { value: 'MANAGER' },
      dataScope: { value: 'TEAM_TREE' },
      team: 'team',
    },
    {
      file: 'people.csv',
      externalId: 'number',
      employeeNumber: 'number',
      name: 'name',
      role: { value: 'MEMBER' },
      team: 'team',
    },
  ],
  products: [
    {
      file: 'products.csv',
      externalId: 'code',
      name: 'name',
      listPrice: 'price',
      aliases: 'other',
    },
  ],
  customers: [
    {
      file: 'companies.csv',
      externalId: 'id',
      name: 'name',
      parent: 'mother',
      phones: 'phones',
      createdOn: 'since',
      annualRevenue: { column: 'sales', scale: '1000000' },
      owner: {
        lookup: {
          file: 'deals.csv',
          where: { company: 'id' },
          column: 'seller',
          choose: 'MOST_FREQUENT',
        },
      },
    },
  ],
  contacts: [
    { file: 'contacts.csv', externalId: 'id', customer: 'company', name: 'name', post: 'post' },
  ],
  funnels: [
    {
      externalId: 'sales',
      name: 'Sales',
      stages: [
        { name: 'New', kind: 'OPEN', probability: '0.2' },
        { name: 'Talking', kind: 'OPEN', probability: '0.5' },
        { name: 'Won', kind: 'WON', probability: '1' },
        { name: 'Lost', kind: 'LOST', probability: '0' },
      ],
    },
  ],
  opportunities: [
    {
      file: 'deals.csv',
      externalId: 'id',
      name: { firstOf: [{ template: '{product} for {company}' }, { template: 'Deal {id}' }] },
      funnel: { value: 'sales' },
      owner: 'seller',
      customer: { column: 'company', reportUnknown: true },
      product: { column: 'product', aliases: { Wigdet: 'Widget' } },
      status: 'state',
      statuses: {
        new: {
          enters: [{ stage: 'New', on: { column: 'opened', default: '2020-01-31' } }],
          amount: 'value',
        },
        open: { enters: [{ stage: 'Talking', on: 'opened' }], amount: 'value' },
        won: {
          enters: [
            { stage: 'Talking', on: 'opened' },
            { stage: 'Won', on: 'closed' },
          ],
          wonAmount: 'value',
        },
        lost: {
          enters: [
            { stage: 'Talking', on: 'opened' },
            { stage: 'Lost', on: 'closed' },
          ],
          amount: { column: 'value', unknown: ['0'] },
          lossReason: 'why',
        },
      },
    },
  ],
};
