import type { EventDraft } from './event-draft.ts';
import type { Tx } from './transaction.ts';

/** A score entry on its way into the ledger; amounts are exact decimal strings, moments ISO 8601. */
export interface EntryDraft {
  version: string;
  /** Index from 1 into the transaction's events; a build from the log sets `position` and `recordedAt` instead. */
  event?: number;
  position?: number;
  recordedAt?: string;
  ordinal: number;
  subject: string;
  member: string;
  path: string;
  amount: string;
  countsAt: string;
  originallyAt?: string | null;
  reversesPosition?: number | null;
  /** In place of `reversesPosition`, when the reversed entry is of the same transaction. */
  reversesEvent?: number | null;
  reversesOrdinal?: number | null;
}

/** What a transaction adds to one roll-up row. `start` and `end` bound the bucket; null without bound. */
export interface RollupDraft {
  version: string;
  grain: string;
  bucket: string;
  kind: 'MEMBER' | 'TEAM';
  contestant: string;
  path: string;
  amount: string;
  entries: number;
  first: string;
  last: string;
  positive: boolean;
  start: string | null;
  end: string | null;
}

export interface Derived {
  entries: EntryDraft[];
  /** In the order of their key. */
  rollups: RollupDraft[];
  paths: { id: string; teamIds: readonly string[] }[];
}

/** Works out, inside the transaction and before its last statement, what its events are worth. */
export type Derive = (tx: Tx, events: readonly EventDraft[]) => Promise<Derived>;

export const NOTHING_DERIVED: Derived = { entries: [], rollups: [], paths: [] };

export const deriveNothing: Derive = () => Promise.resolve(NOTHING_DERIVED);
