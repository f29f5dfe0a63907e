import { type Model, modelNamed, type Relation } from './model.ts';
import type { Rights } from './rights.ts';

/** One statement in the making: its parameters and the names of its tables. */
export class Statement {
  readonly values: unknown[] = [];
  #aliases = 0;
  #organization: string | null = null;

  /** A parameter. Its type is that of what it is compared with. */
  value(value: unknown): string {
    this.values.push(value);
    return `$${this.values.length}`;
  }

  /** The organization, which every table is compared with: one parameter. */
  organization(id: string): string {
    this.#organization ??= this.value(id);
    return this.#organization;
  }

  alias(): string {
    this.#aliases += 1;
    return `t${this.#aliases}`;
  }
}

/** What a read is compiled with. */
export interface Compilation {
  statement: Statement;
  /** Conditions on every table that is read; null within those conditions themselves. */
  rights: Rights | null;
}

/** A table, or a page of it, in a FROM. Related tables are joined beside it, each once, however often they are named. */
export class Source {
  readonly model: Model;
  readonly alias: string;
  /** The joins of the FROM that the source stands in. */
  readonly joins: string[];
  /** Columns that were asked for. */
  readonly used = new Set<string>();
  readonly #joined = new Map<string, Source>();

  constructor(model: Model, alias: string, joins: string[] = []) {
    this.model = model;
    this.alias = alias;
    this.joins = joins;
  }

  ref(column: string): string {
    this.used.add(column);
    return `${this.alias}."${column}"`;
  }

  /** The one row of a to-one relation that there may be, with the viewer's rights in the ON clause. */
  join(compilation: Compilation, relation: Relation): Source {
    const name = `${relation.name} ${compilation.rights ? 'seen' : 'there'}`;
    const known = this.#joined.get(name);
    if (known) return known;
    const model = modelNamed(relation.model);
    const alias = compilation.statement.alias();
    // The conditions may themselves lead to other tables, which then stand inside of the join.
    const inner = new Source(model, alias);
    const conditions = [
      `${inner.ref(relation.theirs)} = ${this.ref(relation.ours)}`,
      ...(compilation.rights?.conditions(compilation, inner) ?? []),
    ];
    const table = `"${model.table}" ${alias}`;
    const joined = inner.joins.length > 0 ? `(${table} ${inner.joins.join(' ')})` : table;
    this.joins.push(`left join ${joined} on ${conditions.join(' and ')}`);
    const source = new Source(model, alias, this.joins);
    this.#joined.set(name, source);
    return source;
  }
}

/** A list of conditions that all must hold, as a WHERE; nothing when there are none. */
export const whereClause = (conditions: readonly string[]): string =>
  conditions.length === 0 ? '' : ` where ${conditions.join(' and ')}`;
