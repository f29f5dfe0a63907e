import type { Tx } from '../database/transaction.ts';
import { candidates, type ReferenceKind } from './reference-store.ts';

/** What another record is called in a line. */
export interface Reference {
  kind: ReferenceKind;
  text: string;
  /** For the report: where it stands, and what. */
  column: string;
  value: string;
}

const KNOWN_BY: Record<ReferenceKind, string> = {
  team: 'external id or name',
  member: 'external id, employee number or name',
  product: 'external id, name or alias',
  customer: 'external id or name',
  funnel: 'external id or name',
};

export type Found = { id: string } | { reason: string; unknown: boolean };

const MOST_REMEMBERED = 50_000;

/** Looks references up, for many lines at once, and remembers those that are certain. */
export class References {
  readonly #known = new Map<string, string>();

  /** What each reference leads to. Inside the batch's transaction, so that it sees what the import itself has made. */
  async resolve(tx: Tx, references: readonly Reference[]): Promise<Map<Reference, Found>> {
    const wanted = new Map<ReferenceKind, Set<string>>();
    for (const { kind, text } of references) {
      if (this.#known.has(`${kind} ${text}`)) continue;
      const texts = wanted.get(kind) ?? new Set();
      wanted.set(kind, texts.add(text));
    }
    const found = new Map<string, Found>();
    for (const [kind, texts] of wanted) {
      for (const [text, what] of await lookUp(tx, kind, [...texts])) {
        found.set(`${kind} ${text}`, what);
        if ('id' in what) this.#remember(`${kind} ${text}`, what.id);
      }
    }
    return new Map(references.map((reference) => [reference, this.#answer(reference, found)]));
  }

  /** Nothing is known any more: what was seen has been rolled back. */
  forget(): void {
    this.#known.clear();
  }

  #answer({ kind, text }: Reference, found: ReadonlyMap<string, Found>): Found {
    const id = this.#known.get(`${kind} ${text}`);
    if (id !== undefined) return { id };
    const unknown = { reason: `no ${kind} has this ${KNOWN_BY[kind]}`, unknown: true };
    return found.get(`${kind} ${text}`) ?? unknown;
  }

  #remember(key: string, id: string): void {
    if (this.#known.size >= MOST_REMEMBERED) return;
    this.#known.set(key, id);
  }
}

async function lookUp(
  tx: Tx,
  kind: ReferenceKind,
  texts: readonly string[],
): Promise<Map<string, Found>> {
  const best = new Map<string, { rank: number; ids: Set<string> }>();
  for (const { id, text, rank } of await candidates(tx, kind, texts)) {
    const known = best.get(text);
    if (!known || rank < known.rank) best.set(text, { rank, ids: new Set([id]) });
    else if (rank === known.rank) known.ids.add(id);
  }
  return new Map(
    [...best].map(([text, { ids }]) => {
      const [id = ''] = ids;
      const reason = `${ids.size} ${kind}s are called so: give an external id`;
      return [text, ids.size === 1 ? { id } : { reason, unknown: false }];
    }),
  );
}
