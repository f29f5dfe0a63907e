import { rowScope } from '../database/row-scope.ts';
import { NotDated } from './errors.ts';
import { columnAt, columnOfModel, type Model, modelAt, modelOf, quote } from './models.ts';
import type { Condition, Question } from './question.ts';
import type { Statement } from './statement.ts';
import { type Place, whereSql } from './where.ts';

/**
 * The records of a question as a FROM with its joins. Every table comes with the organization and with its row scope;
 * a related record out of sight is joined as none.
 */
export class Source {
  readonly #question: Question;
  readonly #statement: Statement;
  readonly #model: Model;
  readonly #organization: string;
  readonly #joins = new Map<string, { alias: string; sql: string }>();
  readonly #dated: ReadonlyMap<string, () => string>;

  constructor(question: Question, statement: Statement, organization: string) {
    this.#question = question;
    this.#statement = statement;
    this.#organization = organization;
    this.#model = modelOf(question.dataset.model);
    this.#dated = datedColumns(question, statement, (name, sql) => this.#join(name, sql));
  }

  /** The record's own table goes by its own name, as in the conditions of stores. */
  get alias(): string {
    return this.#model.table;
  }

  get organization(): string {
    return this.#organization;
  }

  /** The SQL of what stands at a path. */
  read(path: string): string {
    const steps = path.split('.');
    const column = steps.pop() ?? '';
    if (steps.length === 0) return this.#own(column);
    const [alias, model] = this.#related(steps, column === 'id');
    return alias === null
      ? this.read([...steps.slice(0, -1), `${steps.at(-1)}Id`].join('.'))
      : `${alias}.${columnOfModel(model, column).column}`;
  }

  isDay(path: string): boolean {
    return columnAt(this.#model, path).isDay;
  }

  /** One more table, joined once for each name; gives its alias. */
  join(name: string, sql: (alias: string) => string): string {
    return this.#join(name, sql);
  }

  from(): string {
    const joins = [...this.#joins.values()].map(({ sql }) => `\n  ${sql}`);
    return `${this.#model.table}${joins.join('')}`;
  }

  condition(condition: Condition): string {
    if ('compiled' in condition) this.#refuseUndated('where');
    if ('compiled' in condition) return `(${this.#statement.take(condition.compiled as never)})`;
    return whereSql({ ...this.#place(), viewer: this.#question.viewer }, condition.where);
  }

  /** The organization and what the viewer may see of it, by the present values whatever `asOf` says. */
  scope(): string {
    const { viewer } = this.#question;
    const mine = `${this.alias}."organization_id" = ${this.#organization}`;
    const scope = rowScope(this.#model.name)(viewer);
    if (scope === null) return mine;
    const place = { statement: this.#statement, model: this.#model, alias: this.alias };
    return `${mine} AND ${whereSql(place, scope)}`;
  }

  #place(): Place {
    const place = { statement: this.#statement, model: this.#model, alias: this.alias };
    return this.#question.asOf ? { ...place, read: (field) => this.#own(field) } : place;
  }

  #own(column: string): string {
    const dated = this.#dated.get(column);
    if (dated) return dated();
    this.#refuseUndated(column);
    return `${this.alias}.${columnOfModel(this.#model, column).column}`;
  }

  #refuseUndated(column: string): void {
    const { asOf, dataset } = this.#question;
    const { history } = dataset;
    if (!asOf || history?.fixed.includes(column)) return;
    const offered = history ? [...this.#dated.keys(), ...history.fixed] : [];
    throw new NotDated(
      history
        ? `What \`${column}\` was has no dated history: with \`asOf\` a question reads only ${offered.join(', ')}.`
        : 'These records have no dated history: ask without `asOf`.',
      { path: ['asOf'], data: { refused: column, offered } },
    );
  }

  /** The alias of a related record; null where the key itself says as much, as all of them may be seen. */
  #related(steps: readonly string[], onlyId: boolean): [string | null, Model] {
    const model = modelAt(this.#model, steps);
    const scope = rowScope(model.name)(this.#question.viewer);
    const name = steps.join('.');
    if (onlyId && scope === null) return [null, model];
    const key = this.read([...steps.slice(0, -1), `${steps.at(-1)}Id`].join('.'));
    const alias = this.#join(name, (own) => {
      const place = { statement: this.#statement, model, alias: own };
      const seen = scope === null ? '' : ` AND ${whereSql(place, scope)}`;
      return `LEFT JOIN ${model.table} ${own} ON ${own}."id" = ${key} AND ${own}."organization_id" = ${this.#organization}${seen}`;
    });
    return [alias, model];
  }

  #join(name: string, sql: (alias: string) => string): string {
    const known = this.#joins.get(name);
    if (known) return known.alias;
    const alias = this.#statement.alias();
    const made = sql(alias);
    this.#joins.set(name, { alias, sql: made });
    return alias;
  }
}

type Join = (name: string, sql: (alias: string) => string) => string;

/** What is read from the history in place of the row, with `asOf`. */
function datedColumns(
  { dataset, asOf }: Question,
  statement: Statement,
  join: Join,
): Map<string, () => string> {
  const dated = new Map<string, () => string>();
  if (!asOf || !dataset.history) return dated;
  const table = modelOf(dataset.model).table;
  for (const { model, of, columns } of dataset.history.tables) {
    const history = modelOf(model);
    const alias = () =>
      join(`history ${model}`, (own) => {
        const at = statement.add(asOf, 'timestamptz');
        return `LEFT JOIN ${history.table} ${own} ON ${own}.${columnOfModel(history, of).column} = ${table}."id"
    AND ${own}."organization_id" = ${table}."organization_id"
    AND ${own}."from" <= ${at} AND (${own}."until" IS NULL OR ${own}."until" > ${at})`;
      });
    for (const [column, there] of Object.entries(columns)) {
      dated.set(column, () => `${alias()}.${quote(there)}`);
    }
  }
  return dated;
}
