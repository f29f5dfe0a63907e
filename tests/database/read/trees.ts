// Random arguments of Prisma's reads over the real models, with values that rows have.
import { fc } from '../../support/properties.ts';
import { described, type Field, keyOf, type Row } from './rows.ts';

export interface Tree {
  model: string;
  args: Row;
}

/** The models that a viewer may read, and what stands in their rows. */
export class Trees {
  readonly #models: readonly string[];
  readonly #rows: ReadonlyMap<string, readonly Row[]>;
  readonly #wheres = new Map<string, fc.Arbitrary<Row>>();
  /** Orders by a related record are left to models whose rows are everybody's: what is hidden has no place. */
  readonly #isOpen: (model: string) => boolean;

  constructor(
    models: readonly string[],
    rows: ReadonlyMap<string, readonly Row[]>,
    isOpen: (model: string) => boolean,
  ) {
    this.#models = models;
    this.#rows = rows;
    this.#isOpen = isOpen;
  }

  /** A list of any model. */
  list(): fc.Arbitrary<Tree> {
    return fc
      .constantFrom(...this.#models)
      .chain((model) => fc.record({ model: fc.constant(model), args: this.listArgs(model, 3) }));
  }

  where(model: string, depth: number): fc.Arbitrary<Row> {
    const key = `${model} ${depth}`;
    const known = this.#wheres.get(key);
    if (known) return known;
    const made = this.#makeWhere(model, depth);
    this.#wheres.set(key, made);
    return made;
  }

  listArgs(model: string, depth: number): fc.Arbitrary<Row> {
    return fc
      .record({
        where: fc.option(this.where(model, 2), { nil: undefined }),
        orderBy: fc.array(this.#step(model), { maxLength: 2 }),
        take: fc.option(fc.integer({ min: 0, max: 6 }), { nil: undefined }),
        skip: fc.option(fc.integer({ min: 0, max: 2 }), { nil: undefined }),
        part: this.selection(model, depth),
      })
      .map(({ where, orderBy, take, skip, part }) => ({
        ...(where && { where }),
        // Total, so that every answer has one order only.
        orderBy: [...orderBy, ...keyOf(model).map((name) => ({ [name]: 'asc' }))],
        ...(take !== undefined && { take }),
        ...(skip !== undefined && { skip }),
        ...part,
      }));
  }

  /** `{}`, `{ select }` or `{ include }`. */
  selection(model: string, depth: number): fc.Arbitrary<Row> {
    const columns = this.#fields(model).filter(({ kind }) => kind !== 'object');
    const relations = depth > 0 ? this.#relations(model) : [];
    const related = relations.map(
      (field) => [field.name, this.#related(field, depth - 1)] as const,
    );
    const some = <Value>(
      entries: readonly (readonly [string, fc.Arbitrary<Value>])[],
      most: number,
    ) =>
      fc
        .subarray([...entries], { maxLength: Math.min(most, entries.length) })
        .chain((chosen) => fc.record(Object.fromEntries(chosen)));
    const names = columns.map(({ name }) => [name, fc.constant(true)] as const);
    const counts = this.#counts(model);
    const select = fc
      .tuple(some<unknown>(names, 6), some<unknown>(related, 2), counts)
      .map(([plain, below, count]): Row => ({ ...plain, ...below, ...count }))
      .filter((part) => Object.keys(part).length > 0);
    const include = fc
      .tuple(some<unknown>(related, 2), counts)
      .map(([below, count]): Row => ({ ...below, ...count }))
      .filter((part) => Object.keys(part).length > 0);
    return fc.oneof(
      fc.constant({}),
      { weight: 4, arbitrary: select.map((part) => ({ select: part })) },
      ...(related.length > 0 ? [include.map((part) => ({ include: part }))] : []),
    );
  }

  #fields = (model: string): Field[] => described[model]?.fields ?? [];

  #relations = (model: string): Field[] =>
    this.#fields(model).filter(
      ({ kind, type }) => kind === 'object' && this.#models.includes(type),
    );

  #related(field: Field, depth: number): fc.Arbitrary<unknown> {
    const args = field.isList
      ? this.listArgs(field.type, depth)
      : this.selection(field.type, depth);
    return args.map((given) => (Object.keys(given).length === 0 ? true : given));
  }

  #counts(model: string): fc.Arbitrary<Row> {
    const lists = this.#relations(model).filter(({ isList }) => isList);
    if (lists.length === 0) return fc.constant({});
    const one = fc.constantFrom(...lists).chain(({ name, type }) =>
      fc.oneof(
        fc.constant({ _count: { select: { [name]: true } } }),
        this.where(type, 1).map((where) => ({ _count: { select: { [name]: { where } } } })),
      ),
    );
    return fc.oneof({ weight: 3, arbitrary: fc.constant({}) }, one);
  }

  #step(model: string): fc.Arbitrary<Row> {
    const columns = this.#fields(model).filter(
      ({ kind, isList, type }) =>
        kind !== 'object' && !isList && type !== 'Json' && type !== 'Bytes',
    );
    const direction = fc.constantFrom('asc', 'desc');
    const own = fc.constantFrom(...columns).chain(({ name, isRequired }) => {
      const nulls = fc
        .constantFrom('first', 'last')
        .chain((last) => direction.map((sort) => ({ [name]: { sort, nulls: last } })));
      const plain = direction.map((sort) => ({ [name]: sort }));
      return isRequired ? plain : fc.oneof<fc.Arbitrary<Row>[]>(plain, nulls);
    });
    const ones = this.#relations(model).filter(({ isList, type }) => !isList && this.#isOpen(type));
    if (ones.length === 0) return own;
    const related = fc.constantFrom(...ones).chain(({ name, type }) => {
      const names = this.#fields(type).filter(({ type: of, isList }) => of === 'String' && !isList);
      return fc
        .constantFrom(...names)
        .chain((column) => direction.map((sort) => ({ [name]: { [column.name]: sort } })));
    });
    return fc.oneof<fc.Arbitrary<Row>[]>(own, own, related);
  }

  #makeWhere(model: string, depth: number): fc.Arbitrary<Row> {
    const columns = this.#fields(model).filter(
      ({ kind, type }) => kind !== 'object' && type !== 'Json' && type !== 'Bytes',
    );
    const column = fc
      .constantFrom(...columns)
      .chain((field) => this.#filter(model, field).map((filter) => ({ [field.name]: filter })));
    if (depth === 0) return column;
    const inner = fc.constant(null).chain(() => this.where(model, depth - 1));
    const parts = fc.array(inner, { minLength: 1, maxLength: 3 });
    const logic = fc.oneof(
      parts.map((AND): Row => ({ AND })),
      parts.map((OR): Row => ({ OR })),
      parts.map((NOT): Row => ({ NOT })),
      inner.map((NOT): Row => ({ NOT })),
      fc.tuple(inner, column).map(([AND, own]): Row => ({ ...own, AND })),
    );
    const relations = this.#relations(model);
    if (relations.length === 0) return fc.oneof(column, logic);
    const related = fc
      .constantFrom(...relations)
      .chain((field) => this.#relationFilter(field, depth - 1));
    return fc.oneof<fc.Arbitrary<Row>[]>(column, logic, related);
  }

  #relationFilter({ name, type, isList, isRequired }: Field, depth: number): fc.Arbitrary<Row> {
    const where = fc.constant(null).chain(() => this.where(type, depth));
    if (isList) {
      return fc
        .tuple(fc.constantFrom('some', 'none', 'every'), where)
        .map(([how, inner]) => ({ [name]: { [how]: inner } }));
    }
    const is = where.map((inner): Row => ({ [name]: { is: inner } }));
    const isNot = where.map((inner): Row => ({ [name]: { isNot: inner } }));
    const plain = where.map((inner): Row => ({ [name]: inner }));
    const nulls = fc.constantFrom<Row>(
      { [name]: null },
      { [name]: { is: null } },
      { [name]: { isNot: null } },
    );
    return fc.oneof(is, isNot, plain, ...(isRequired ? [] : [nulls]));
  }

  #filter(model: string, field: Field): fc.Arbitrary<unknown> {
    const { name, type, kind, isList, isRequired } = field;
    const found = (this.#rows.get(model) ?? [])
      .map((row) => row[name])
      .filter((one) => one !== null && one !== undefined);
    const values = (isList ? found.flat() : found) as unknown[];
    const value = values.length > 0 ? fc.constantFrom(...values) : null;
    if (!value)
      return isRequired || isList
        ? fc.constant(isList ? { hasSome: [] } : { in: [] })
        : fc.constant(null);
    const list = fc.array(value, { maxLength: 3 });
    if (isList) {
      return fc.oneof(
        value.map((has): Row => ({ has })),
        list.map((hasSome): Row => ({ hasSome })),
        list.map((hasEvery): Row => ({ hasEvery })),
      );
    }
    const op = (names: readonly string[], of: fc.Arbitrary<unknown>) =>
      fc.tuple(fc.constantFrom(...names), of).map(([how, one]): Row => ({ [how]: one }));
    const isCompared = kind !== 'enum' && type !== 'Boolean';
    const filters: fc.Arbitrary<unknown>[] = [value, op(['equals', 'not'], value)];
    if (type !== 'Boolean') filters.push(op(['in', 'notIn'], list));
    if (isCompared) filters.push(op(['lt', 'lte', 'gt', 'gte'], value));
    if (isCompared) filters.push(op(['lt', 'gte'], value).map((not): Row => ({ not })));
    if (!isRequired)
      filters.push(fc.constant(null), fc.constant({ not: null }), fc.constant({ equals: null }));
    const isText = type === 'String' && name !== 'id' && !name.endsWith('Id');
    if (isText || name === 'externalId') {
      const piece = fc.constantFrom('a', 'b', '上', "'", '%', '\\\\', '_', '');
      const matched = op(['contains', 'startsWith', 'endsWith'], piece);
      filters.push(
        matched,
        matched.map((filter): Row => ({ ...filter, mode: 'insensitive' })),
      );
    }
    return fc.oneof(...filters);
  }
}
