import DataLoader from 'dataloader';
import { Prisma } from '../../generated/prisma/client.ts';
import { type Connection, runRows } from '../statements.ts';
import { entriesOf, UnreadableArguments } from './errors.ts';
import { type Model, modelNamed } from './model.ts';
import { type Args, compileRecords, readArgs } from './page.ts';
import type { Rights } from './rights.ts';
import { countQuery } from './selection.ts';
import { type Compilation, Source, Statement } from './statement.ts';

export type Row = Record<string, unknown>;

/** Reads one model with Prisma's own arguments, as one viewer: one statement a call. */
export class Delegate {
  readonly #connection: Connection;
  readonly #rights: Rights;
  readonly #model: Model;
  /** Reads of one record each that ask for the same of it. */
  readonly #alike = new Map<string, DataLoader<unknown, Row | null>>();

  constructor(connection: Connection, rights: Rights, model: string) {
    this.#connection = connection;
    this.#rights = rights;
    this.#model = modelNamed(model);
  }

  async findMany(args: unknown = {}): Promise<Row[]> {
    return this.#read(readArgs(args, this.#model.name));
  }

  async findFirst(args: unknown = {}): Promise<Row | null> {
    const [row] = await this.#read({ ...readArgs(args, this.#model.name), take: 1 });
    return row ?? null;
  }

  async findFirstOrThrow(args: unknown = {}): Promise<Row> {
    return (await this.findFirst(args)) ?? notFound();
  }

  /** Those of one tick that ask for the same columns by the same key become one statement. */
  async findUnique(args: unknown): Promise<Row | null> {
    const { name } = this.#model;
    const { where, ...selection } = readArgs(args, name);
    const { key, isSingle, value, others } = this.#uniqueKey(where);
    if (!isSingle || others.length > 0) {
      const and = [...(isSingle ? [{ [key]: value }] : [value]), Object.fromEntries(others)];
      const [row] = await this.#read({ ...selection, where: { AND: and }, take: 1 });
      return row ?? null;
    }
    const text = `${key} ${JSON.stringify(selection, jsonValue)}`;
    const alike = this.#alike.get(text) ?? this.#loader(key, selection);
    this.#alike.set(text, alike);
    return alike.load(value);
  }

  async findUniqueOrThrow(args: unknown): Promise<Row> {
    return (await this.findUnique(args)) ?? notFound();
  }

  async count(args: unknown = {}): Promise<number> {
    const { name } = this.#model;
    const { where = null, ...others } = readArgs(args, name);
    if (Object.keys(others).length > 0) {
      throw new UnreadableArguments(`${name}.count takes a where only`);
    }
    const compilation = this.#compilation();
    const source = new Source(this.#model, compilation.statement.alias());
    const count = countQuery(compilation, source, where, `${name}.where`, []);
    const [row] = await this.#run(compilation, `select ${count}`);
    return Number(row?.[0]);
  }

  async #read(args: Args): Promise<Row[]> {
    const compilation = this.#compilation();
    const { text, decode } = compileRecords(compilation, this.#model, args);
    return (await this.#run(compilation, text)).map(decode);
  }

  #compilation(): Compilation {
    return { statement: new Statement(), rights: this.#rights };
  }

  /** Every statement begins with the name of what it reads, for the log and the statistics of the server. */
  #run({ statement }: Compilation, text: string): Promise<(string | null)[][]> {
    return runRows(this.#connection, `/* read ${this.#model.name} */ ${text}`, statement.values);
  }

  #uniqueKey(where: unknown) {
    const { name, uniques } = this.#model;
    const entries = entriesOf(where, `${name}.where`);
    const found = entries.find(([key]) => uniques.has(key));
    if (!found) throw new UnreadableArguments(`${name}.where names no unique key`);
    const [key, value] = found;
    if (value === null) throw new UnreadableArguments(`${name}.where.${key} is null`);
    const isSingle = this.#model.columns.has(key);
    if (isSingle && typeof value === 'object') {
      throw new UnreadableArguments(`${name}.where.${key} is no value`);
    }
    const others = entries.filter((entry) => entry !== found);
    return { key, isSingle, value, others };
  }

  #loader(key: string, selection: Args): DataLoader<unknown, Row | null> {
    const { select } = selection as { select?: Row };
    const isAdded = select !== undefined && !select[key];
    const asked = isAdded ? { ...selection, select: { ...select, [key]: true } } : selection;
    return new DataLoader<unknown, Row | null>(
      async (values) => {
        const [first] = values;
        const where = { [key]: values.length === 1 ? first : { in: [...new Set(values)] } };
        const rows = await this.#read({ ...asked, where });
        const byKey = new Map(rows.map((row) => [row[key], row]));
        if (isAdded) for (const row of rows) delete row[key];
        return values.length === 1
          ? [rows[0] ?? null]
          : values.map((value) => byKey.get(value) ?? null);
      },
      { cache: false },
    );
  }
}

const jsonValue = (_key: string, value: unknown): unknown =>
  typeof value === 'bigint' ? String(value) : value;

function notFound(): never {
  throw new Prisma.PrismaClientKnownRequestError('No record was found for a query.', {
    code: 'P2025',
    clientVersion: Prisma.prismaVersion.client,
  });
}
