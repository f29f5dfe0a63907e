import { type CustomerRow, importCustomers } from '../../domains/customers/import.ts';
import { MAX_NAME } from '../line-reader.ts';
import type { CustomerSource } from '../model.ts';
import type { Importer } from '../pipeline.ts';

const KINDS = ['COMPANY', 'PERSON'] as const;
const GRADES = ['A', 'B', 'C', 'D'] as const;
const LIFECYCLE = [
  'POTENTIAL',
  'DEVELOPING',
  'FIRST_DEAL',
  'ACTIVE',
  'LOYAL',
  'AT_RISK',
  'LOST',
] as const;
const LATEST_YEAR = 2200;
const MOST_EMPLOYEES = 100_000_000;

export const customers: Importer<CustomerSource, CustomerRow> = {
  kind: 'customers',
  values: ({ file: _file, distinct: _distinct, encoding: _encoding, ...rest }) => {
    const {
      delimiter: _a,
      unknown: _b,
      dates: _c,
      decimalMark: _d,
      groupMark: _e,
      ...fields
    } = rest;
    return Object.values(fields);
  },
  externalId: (source) => source.externalId,
  read(line, source) {
    const row = {
      externalId: line.required(source.externalId, MAX_NAME),
      name: line.required(source.name, MAX_NAME),
      kind: line.choice(source.kind, KINDS) ?? undefined,
      industry: line.text(source.industry, MAX_NAME),
      region: line.text(source.region, MAX_NAME),
      source: line.text(source.source, MAX_NAME),
      grade: line.choice(source.grade, GRADES),
      lifecycle: line.choice(source.lifecycle, LIFECYCLE) ?? undefined,
      tags: line.list(source.tags),
      phones: line.list(source.phones),
      emails: line.list(source.emails),
      address: line.text(source.address),
      foundedYear: line.integer(source.foundedYear, LATEST_YEAR),
      employees: line.integer(source.employees, MOST_EMPLOYEES),
      annualRevenue: line.amount(source.annualRevenue),
      createdAt: line.moment(source.createdOn) ?? undefined,
    };
    const parent = line.reference('customer', source.parent);
    const owner = line.reference('member', source.owner);
    return {
      externalId: row.externalId,
      references: [parent, owner],
      says: [row, parent?.text, owner?.text],
      complete: ({ idOf }) => ({
        ...row,
        parentId: idOf(parent),
        ownerId: idOf(owner) ?? undefined,
      }),
    };
  },
  write: { batch: importCustomers },
};
