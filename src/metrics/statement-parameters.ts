/** Collects parameters while a statement is put together. */
export class Parameters {
  readonly values: unknown[] = [];

  /** Gives the place of the parameter in the text, with its type. */
  add(value: unknown, type: string): string {
    this.values.push(value);
    return `$${this.values.length}::${type}`;
  }
}
