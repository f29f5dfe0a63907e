/** Work that is done once for all who need it at the same time: what was begun is shared, also while it is under way. */
export class Once {
  #results = new WeakMap<object, Map<string, Promise<unknown>>>();
  #things = new WeakMap<object, unknown>();

  /** @param subject with `key` says what is done: equal ones must mean the same result */
  get<Result>(subject: object, key: string, work: () => Promise<Result>): Promise<Result> {
    const results = this.#results.get(subject) ?? new Map<string, Promise<unknown>>();
    this.#results.set(subject, results);
    const known = results.get(key) as Promise<Result> | undefined;
    if (known) return known;
    const result = work();
    // Whoever asked hears of a failure; nobody else has to.
    result.catch(() => {});
    results.set(key, result);
    return result;
  }

  /** One thing for each subject, made when it is first asked for. */
  of<Thing>(subject: object, make: () => Thing): Thing {
    if (!this.#things.has(subject)) this.#things.set(subject, make());
    return this.#things.get(subject) as Thing;
  }
}
