import type { KeyDefinition } from './dataset.ts';
import { columnOfModel, modelOf } from './models.ts';
import type { Rows } from './rows.ts';

/** The list of groups: in order, with what is derived from all of them, and without those that `having` leaves out. */
export class Listed {
  readonly #rows: Rows;

  constructor(rows: Rows) {
    this.#rows = rows;
  }

  /** Groups with their places; what is derived is worked out before `having` leaves any out. */
  sql(): string {
    const { measures, derived, having } = this.#rows.question;
    const columns = [
      ...this.#rows.keyNames('f.'),
      'f.key',
      ...measures.map((_, i) => `f.m${i}`),
      ...derived.map((_, i) => `${this.#derivedSql(i)} AS x${i}`),
      ...this.#labels().map(({ index, column }) => `${column} AS n${index}`),
    ];
    const joins = this.#labels().map(({ join }) => `\n  ${join}`);
    const conditions = having.map(
      ({ measure, sign, value }) =>
        `f.m${measure} ${sign} ${this.#rows.statement.add(value, 'numeric')}`,
    );
    const where = conditions.length > 0 ? ` WHERE ${conditions.join(' AND ')}` : '';
    return `SELECT f.*, row_number() OVER (ORDER BY ${this.#order()}) AS place
FROM (SELECT ${columns.join(', ')} FROM filled f${joins.join('')}) f${where}`;
  }

  /** The names that records are ordered by. */
  #labels(): { index: number; column: string; join: string }[] {
    return this.#rows.question.keys.flatMap(({ field }, index) => {
      const key = this.#rows.question.dataset.keys[field];
      const label =
        key?.kind === 'team'
          ? { model: 'Team', orderBy: 'name' }
          : key?.kind === 'record' || key?.kind === 'records'
            ? key
            : null;
      if (!label) return [];
      const model = modelOf(label.model);
      const column = `n${index}.${columnOfModel(model, label.orderBy).column}`;
      const join = `LEFT JOIN ${model.table} n${index} ON n${index}.id = f.k${index} AND n${index}.organization_id = ${this.#rows.organization}`;
      return [{ index, column, join }];
    });
  }

  /** As asked, then by the keys in turn, so that the order is total. */
  #order(): string {
    const { order, keys } = this.#rows.question;
    const asked = order.map((step) => {
      const what = 'measure' in step ? [`f.m${step.measure}`] : this.#orderOfKey(step.key);
      return what.map((one) => `${one} ${step.direction} NULLS LAST`).join(', ');
    });
    const rest = keys.flatMap((_, i) => this.#orderOfKey(i).map((one) => `${one} NULLS LAST`));
    return [...asked, ...rest, 'true'].join(', ');
  }

  #orderOfKey(index: number): string[] {
    const { keys, dataset } = this.#rows.question;
    const key = dataset.keys[keys[index]?.field ?? ''];
    if (key?.kind === 'team' || key?.kind === 'record' || key?.kind === 'records') {
      return [`f.n${index}${this.#isText(key) ? ' COLLATE "C"' : ''}`, `f.k${index}`];
    }
    const isText = key?.kind === 'list' || (key?.kind === 'value' && key.type === 'text');
    return [`f.k${index}${isText ? ' COLLATE "C"' : ''}`];
  }

  #isText = (key: KeyDefinition): boolean =>
    key.kind === 'team' || !('orderBy' in key) || key.orderBy === 'name';

  #derivedSql(index: number): string {
    const derived = this.#rows.question.derived[index];
    if (!derived) throw new Error(`nothing is derived at ${index}`);
    const value = `f.m${derived.measure}`;
    if (derived.kind === 'SHARE') {
      const total = `(SELECT g.m${derived.measure} FROM grouped g WHERE g.w = 0 AND g.level = 0)`;
      return `round(${value}::numeric / nullif(${total}, 0), 4)`;
    }
    const partition = (indexes: readonly number[]) =>
      indexes.length > 0 ? `PARTITION BY ${indexes.map((i) => `f.k${i}`).join(', ')} ` : '';
    if (derived.kind === 'RANK') {
      return `rank() OVER (${partition(derived.within)}ORDER BY ${value} ${derived.direction} NULLS LAST)`;
    }
    const others = this.#rows.question.keys.flatMap((_, i) => (i === derived.over ? [] : [i]));
    return `sum(${value}) OVER (${partition(others)}ORDER BY f.k${derived.over} NULLS LAST)`;
  }
}
