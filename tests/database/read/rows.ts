// Rows of every model, made from the data model alone: values of all types, with what is hard to quote or to print.

import { getDatamodel } from '../../../src/generated/pothos-prisma-types.ts';
import { Prisma, type PrismaClient } from '../../../src/generated/prisma/client.ts';
import * as enums from '../../../src/generated/prisma/enums.ts';

export interface Field {
  name: string;
  kind: string;
  type: string;
  isList: boolean;
  isId: boolean;
  isUnique: boolean;
  isRequired: boolean;
  relationName?: string;
  relationFromFields?: string[];
}

export interface Described {
  fields: Field[];
  primaryKey: { fields: string[] } | null;
}

export type Row = Record<string, unknown>;

export const described = getDatamodel().datamodel.models as unknown as Record<string, Described>;

export const keyOf = (model: string): string[] => {
  const { fields, primaryKey } = described[model] as Described;
  return primaryKey?.fields ?? fields.filter(({ isId }) => isId).map(({ name }) => name);
};

export interface Delegate {
  create(args: object): Promise<Row>;
  findMany(args?: object): Promise<Row[]>;
  findFirst(args?: object): Promise<Row | null>;
  findUnique(args: object): Promise<Row | null>;
  count(args?: object): Promise<number>;
}

/** A model's delegate of a client or of a reader. */
export const delegateOf = (client: object, model: string): Delegate =>
  Reflect.get(client, `${model.charAt(0).toLowerCase()}${model.slice(1)}`) as Delegate;

const TEXTS = ['a', 'A b', "O'Neil", '100%_', '"quoted", {list}\\', '上海 贸易', 'É\n', ''];
const MOMENTS = [
  '2026-03-01T09:30:00.123Z',
  '2026-03-01T09:30:00Z',
  '1999-12-31T23:59:59.9Z',
  '2031-07-04T00:00:00.05Z',
];
const DECIMALS = ['0', '12.5', '-3.0001', '9999999999999999.9999', '1000000'];

/** Every so-and-so-manieth row has its own value, so that rows tie in many columns and differ in some. */
function sampleOf({ type, kind, isList }: Field, at: number): unknown {
  if (isList) {
    const { length } = TEXTS;
    if (type === 'Int') return [1 + (at % 7), 1 + ((at * 3) % 7)];
    if (kind === 'enum') return [Object.keys(Reflect.get(enums, type))[at % 2]];
    return at % 4 === 0 ? [] : [TEXTS[at % length], TEXTS[(at * 3 + 1) % length]];
  }
  if (kind === 'enum') {
    const values = Object.keys(Reflect.get(enums, type));
    return values[at % values.length];
  }
  switch (type) {
    case 'Int':
      return at % 7;
    case 'BigInt':
      return 9_007_199_254_740_993n + BigInt(at % 3);
    case 'Float':
      return at / 3;
    case 'Boolean':
      return at % 2 === 0;
    case 'DateTime':
      return new Date(MOMENTS[at % MOMENTS.length] as string);
    case 'Decimal':
      return new Prisma.Decimal(DECIMALS[at % DECIMALS.length] as string);
    case 'Json':
      return { at, text: TEXTS[at % TEXTS.length], list: [1.5, null, true] };
    case 'Bytes':
      return Buffer.from([at, 255, 0]);
    default:
      return TEXTS[at % TEXTS.length];
  }
}

/** `00000000-0000-4000-8000-` and twelve digits: readable in a failure. */
const uuid = (number: number): string =>
  `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;

export class World {
  readonly rows = new Map<string, Row[]>();
  readonly #prisma: PrismaClient;
  #made = 0;

  constructor(prisma: PrismaClient) {
    this.#prisma = prisma;
  }

  /** `count` tries for each model of an organization; those that break a constraint are left out. */
  async fill(organizationId: string, count: number): Promise<void> {
    const pending = new Set(Object.keys(described));
    while (pending.size > 0) {
      const next = [...pending].find((model) => this.#isReady(model, pending));
      if (next === undefined) throw new Error(`models in a circle: ${[...pending].join(', ')}`);
      pending.delete(next);
      for (let at = 0; at < count; at += 1) await this.#make(next, organizationId, at);
    }
  }

  #isReady(model: string, pending: ReadonlySet<string>): boolean {
    return (described[model]?.fields ?? []).every(
      ({ type, relationFromFields }) =>
        !relationFromFields?.length || type === model || !pending.has(type),
    );
  }

  async #make(model: string, organizationId: string, at: number): Promise<void> {
    const { fields } = described[model] as Described;
    const mine = this.rows.get(model) ?? [];
    this.rows.set(model, mine);
    const data: Row = {};
    for (const [place, field] of fields.entries()) {
      if (field.kind === 'object') continue;
      // Each column in a rhythm of its own.
      const step = at * (1 + (place % 3)) + place;
      const isNull = !field.isRequired && !field.isList && step % 3 === 0;
      data[field.name] = isNull ? nothing(field) : this.#fill(model, field, organizationId, step);
    }
    if (model === 'Target') this.#forOne(data, at);
    try {
      mine.push(await delegateOf(this.#prisma, model).create({ data }));
    } catch (error) {
      if (!(error instanceof Prisma.PrismaClientKnownRequestError)) throw error;
    }
  }

  /** A target is a member's or a team's. */
  #forOne(data: Row, at: number): void {
    const [model, mine, other] =
      at % 2 === 0 ? ['Member', 'memberId', 'teamId'] : ['Team', 'teamId', 'memberId'];
    const rows = (this.rows.get(model as string) ?? []).filter(
      (row) => row.organizationId === data.organizationId,
    );
    const id = rows[at % rows.length]?.id;
    Object.assign(data, { [mine as string]: id, [other as string]: null, contestantId: id });
  }

  #fill(model: string, field: Field, organizationId: string, at: number): unknown {
    const { name } = field;
    if (name === 'organizationId') return organizationId;
    if (model === 'Organization' && name === 'id') return organizationId;
    const relation = described[model]?.fields.find((other) =>
      other.relationFromFields?.includes(name),
    );
    if (relation) {
      const others = (this.rows.get(relation.type) ?? []).filter(
        (row) => row.organizationId === organizationId,
      );
      return others[(at * 7 + at) % Math.max(others.length, 1)]?.id ?? null;
    }
    if (
      field.type === 'String' &&
      (name === 'id' || name.endsWith('Id')) &&
      name !== 'externalId'
    ) {
      this.#made += 1;
      return uuid(this.#made);
    }
    if (name === 'leaderboardIds') return [uuid(at)];
    const isKey = keyOf(model).includes(name) || field.isUnique;
    if (isKey && field.type === 'String') {
      this.#made += 1;
      return `${name} ${this.#made}`;
    }
    return sampleOf(field, at);
  }
}

const nothing = ({ type }: Field): unknown => (type === 'Json' ? Prisma.DbNull : null);
