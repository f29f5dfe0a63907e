// What must not come out: every id, text, amount and moment that stands in the rows of one organization and not in
// those of the other. Looked for in whatever a client gets, also inside of ids and cursors.
import type { Rows } from './rows.ts';

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;
const MOMENT = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d/;
const ENCODED = /[A-Za-z0-9_-]{16,}/g;
const WORDS = /[\p{L}\p{N}@._+-]{6,}/gu;

/** Every plain value in a JSON value; keys of objects too. */
function* leavesOf(value: unknown): Generator<string | number> {
  if (typeof value === 'string' || typeof value === 'number') yield value;
  else if (value && typeof value === 'object') {
    for (const [key, inner] of Object.entries(value)) {
      if (!Array.isArray(value)) yield key;
      yield* leavesOf(inner);
    }
  }
}

/** How a value of a row may be printed: a moment as RFC 3339 and as milliseconds, an amount without zeros. */
function formsOf(leaf: string | number): string[] {
  if (typeof leaf === 'number') return Number.isInteger(leaf) ? [] : [String(leaf)];
  if (!MOMENT.test(leaf)) return leaf.length >= 6 ? [leaf] : [];
  const moment = new Date(leaf);
  // Midnights and the like are bounds of periods, not what somebody did.
  if (Number.isNaN(moment.getTime()) || moment.getTime() % 60_000 === 0) return [];
  return [moment.toISOString(), String(moment.getTime())];
}

const valuesOf = (rows: Rows): Set<string> => {
  const values = new Set<string>();
  for (const row of [...rows.values()].flat()) {
    for (const leaf of leavesOf(JSON.parse(row))) {
      for (const form of formsOf(leaf)) values.add(form);
    }
  }
  return values;
};

export class Secrets {
  readonly #word: string;
  readonly #values: Set<string>;
  readonly #hex: Set<string>;

  /** `word` stands in every text that was made up for `of`. */
  constructor(word: string, of: Rows, other: Rows) {
    this.#word = word.toLowerCase();
    const known = valuesOf(other);
    this.#values = new Set([...valuesOf(of)].filter((value) => !known.has(value)));
    this.#hex = new Set(
      [...this.#values].filter((value) => value.match(UUID)).map((id) => id.replaceAll('-', '')),
    );
  }

  get size(): number {
    return this.#values.size;
  }

  /** The secrets in an answer that were not in the question. */
  revealedBy(answer: unknown, question: unknown = null): string[] {
    const asked = this.#in(question);
    return [...this.#in(answer)].filter((secret) => !asked.has(secret));
  }

  #in(value: unknown): Set<string> {
    const found = new Set<string>();
    for (const leaf of leavesOf(value)) this.#look(String(leaf), found);
    return found;
  }

  #look(text: string, found: Set<string>, isDecoded = false): void {
    if (this.#values.has(text)) found.add(text);
    for (const [id] of text.matchAll(UUID)) if (this.#values.has(id)) found.add(id);
    for (const [word] of text.matchAll(WORDS)) {
      const bare = word.replace(/[.+-]+$/, '');
      if (this.#values.has(bare)) found.add(bare);
      if (bare.toLowerCase().includes(this.#word)) found.add(bare.toLowerCase());
    }
    if (isDecoded) return;
    for (const [encoded] of text.matchAll(ENCODED)) {
      const bytes = Buffer.from(encoded, 'base64url');
      this.#look(bytes.toString('utf8'), found, true);
      const hex = bytes.toString('hex');
      for (let at = 0; at + 32 <= hex.length; at += 2) {
        const id = hex.slice(at, at + 32);
        if (this.#hex.has(id)) found.add(id);
      }
    }
  }
}
