// What a viewer's read must give, by Prisma: the arguments with "one of these ids" in every place where a record is
// looked at, the ids having been read one model at a time. To-one relations are taken out afterwards.
import { described, type Field, keyOf, type Row } from './rows.ts';

const OPERATORS = ['AND', 'OR', 'NOT'];

export class Reference {
  readonly #visible: ReadonlyMap<string, readonly Row[]>;
  readonly #keys = new Map<string, ReadonlySet<string>>();

  /** The rows of each model that the viewer may see. */
  constructor(visible: ReadonlyMap<string, readonly Row[]>) {
    this.#visible = visible;
    for (const [model, rows] of visible) {
      this.#keys.set(model, new Set(rows.map((row) => keyText(model, row))));
    }
  }

  /** Arguments that give the same and more: keys of to-one records, and those that are hidden. */
  restricted(model: string, args: Row): Row {
    const { where, select, include, ...others } = args;
    const seen = this.#seen(model);
    return {
      ...others,
      where: where ? { AND: [this.where(model, where as Row), seen] } : seen,
      ...(select !== undefined && { select: this.#part(model, select as Row) }),
      ...(include !== undefined && { include: this.#part(model, include as Row) }),
    };
  }

  where(model: string, where: Row): Row {
    return this.#all(
      Object.entries(where).map(([key, value]): Row => {
        if (OPERATORS.includes(key)) {
          const parts = Array.isArray(value) ? value : [value];
          return { [key]: parts.map((part) => this.where(model, part as Row)) };
        }
        const field = fieldOf(model, key);
        if (field?.kind !== 'object') return { [key]: value };
        return field.isList
          ? this.#many(field, value as Row)
          : this.#one(field, value as Row | null);
      }),
    );
  }

  /** Takes out of an answer to `restricted` what was not asked for and what is hidden. */
  pruned(model: string, args: Row, row: Row): Row {
    const part = (args.select ?? args.include ?? {}) as Row;
    const result: Row = {};
    for (const [name, value] of Object.entries(row)) {
      const field = fieldOf(model, name);
      if (args.select !== undefined && !(name in part)) continue;
      const given = part[name] === true || part[name] === undefined ? {} : (part[name] as Row);
      if (field?.kind !== 'object') result[name] = value;
      else if (field.isList) {
        result[name] = (value as Row[]).map((one) => this.pruned(field.type, given, one));
      } else {
        const one = value as Row | null;
        const isSeen = one !== null && this.#keys.get(field.type)?.has(keyText(field.type, one));
        result[name] = isSeen ? this.pruned(field.type, given, one) : null;
      }
    }
    return result;
  }

  #all = (parts: Row[]): Row => (parts.length === 1 ? (parts[0] as Row) : { AND: parts });

  /** By keys, which are never unknown: so is its opposite. */
  #seen(model: string): Row {
    const key = keyOf(model);
    const rows = this.#visible.get(model) ?? [];
    const [only = 'id'] = key;
    if (key.length === 1) return { [only]: { in: rows.map((row) => row[only]) } };
    if (rows.length === 0) return { [only]: { in: [] } };
    return { OR: rows.map((row) => Object.fromEntries(key.map((name) => [name, row[name]]))) };
  }

  #many({ name, type }: Field, value: Row): Row {
    return this.#all(
      Object.entries(value).map(([how, inner]) => {
        const where = this.where(type, inner as Row);
        const seen = this.#seen(type);
        if (how === 'every') return { [name]: { none: { AND: [seen, { NOT: where }] } } };
        return { [name]: { [how]: { AND: [seen, where] } } };
      }),
    );
  }

  #one(field: Field, value: Row | null): Row {
    const { name, type } = field;
    const seen: Row = { [name]: { is: this.#seen(type) } };
    if (value === null) return { NOT: seen };
    const isPlain = !('is' in value) && !('isNot' in value);
    if (isPlain) return this.#one(field, { is: value });
    if ('isNot' in value) {
      if (value.isNot === null) return seen;
      const not = { [name]: { isNot: this.where(type, value.isNot as Row) } };
      return { OR: [not, { NOT: seen }] };
    }
    if (value.is === null) return { NOT: seen };
    return { AND: [seen, { [name]: { is: this.where(type, value.is as Row) } }] };
  }

  #part(model: string, part: Row): Row {
    const result: Row = {};
    for (const [name, value] of Object.entries(part)) {
      const field = fieldOf(model, name);
      if (name === '_count')
        result[name] = { select: this.#counts(model, value as { select: Row }) };
      else if (field?.kind !== 'object') result[name] = value;
      else {
        const given = value === true ? {} : (value as Row);
        const asked = field.isList
          ? this.restricted(field.type, given)
          : this.#below(field.type, given);
        result[name] = Object.keys(asked).length === 0 ? true : asked;
      }
    }
    return result;
  }

  #below(model: string, { select, include }: Row): Row {
    if (include !== undefined) return { include: this.#part(model, include as Row) };
    if (select === undefined) return {};
    const keys = Object.fromEntries(keyOf(model).map((name) => [name, true]));
    return { select: { ...this.#part(model, select as Row), ...keys } };
  }

  #counts(model: string, { select }: { select: Row }): Row {
    return Object.fromEntries(
      Object.entries(select).map(([name, value]) => {
        const { type } = fieldOf(model, name) as Field;
        const { where } = (value === true ? {} : value) as Row;
        return [name, { where: this.restricted(type, where ? { where } : {}).where }];
      }),
    );
  }
}

const fieldOf = (model: string, name: string): Field | undefined =>
  described[model]?.fields.find((field) => field.name === name);

const keyText = (model: string, row: Row): string =>
  JSON.stringify(keyOf(model).map((name) => String(row[name])));
