import type { Compilable } from 'kysely';

/**
 * Collects the parameters of a statement while its text is put together. Everything that came from outside goes
 * through here; what stands in the text itself is ours.
 */
export class Statement {
  readonly values: unknown[] = [];
  #names = 0;

  /** The place of a parameter whose type PostgreSQL learns from what it is compared with. */
  bare(value: unknown): string {
    this.values.push(value);
    return `$${this.values.length}`;
  }

  /** The place of a parameter with its type. */
  add(value: unknown, type: string): string {
    return `${this.bare(value)}::${type}`;
  }

  /** An alias that stands nowhere else. */
  alias(): string {
    this.#names += 1;
    return `x${this.#names}`;
  }

  /** A condition that Kysely has put together, as a part of this statement. */
  take({ sql, parameters }: ReturnType<Compilable['compile']>): string {
    const before = this.values.length;
    this.values.push(...parameters);
    return sql.replace(/\$(\d+)/g, (_, number: string) => `$${Number(number) + before}`);
  }
}
