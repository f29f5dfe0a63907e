import type { Derive, Derived, EntryDraft } from '../database/derived.ts';
import { NOTHING_DERIVED } from '../database/derived.ts';
import type { EventDraft } from '../database/event-draft.ts';
import type { Tx } from '../database/transaction.ts';
import { fromUnits } from './amounts.ts';
import { effectOf, type MetricVersion } from './definition.ts';
import { factsFor } from './facts.ts';
import {
  CORRECTED,
  type Consequence,
  consequenceOf,
  type NewEntry,
  type Standing,
  subjectOf,
} from './ledger.ts';
import { RollupSums } from './rollups.ts';
import { saysWhose, takesBack } from './scoring-events.ts';
import { readSubjectStandings, standingKey } from './standing-store.ts';
import { teamPathId } from './team-paths.ts';

/** What a transaction's events are worth: the entries and roll-ups that its last statement writes. */
export const deriveScores: Derive = async (tx, events) => {
  if (!events.some(({ type }) => isPlaced(type) || takesBack(type))) return NOTHING_DERIVED;
  const { versions, teamPathAt } = await factsFor(tx);
  for (const event of events) {
    const { memberId, countsAt } = event.payload;
    if (isPlaced(event.type) && typeof memberId === 'string' && typeof countsAt === 'string') {
      event.payload.teamPath = [...teamPathAt(memberId, new Date(countsAt))];
    }
  }
  const standings = await readEarlier(tx, versions, events);
  const drafts = new DerivedDrafts(tx.organizationId);
  const closedBefore = tx.closedBefore?.toISOString() ?? null;
  events.forEach((event, index) => {
    for (const version of versions) {
      const key = standingKey(version.id, subjectOf(event));
      const ref = { position: null, event: index + 1 };
      const consequence = consequenceOf(
        version,
        event,
        ref,
        standings.get(key) ?? [],
        closedBefore,
      );
      if (!consequence) continue;
      standings.set(key, consequence.standing);
      drafts.add(version, { event: index + 1 }, consequence);
    }
  });
  return drafts.derived();
};

/** Corrections are placed as well, though they are no domain's. The path is written for versions yet to come, too. */
const isPlaced = (type: string): boolean => type === CORRECTED || saysWhose(type);

/** Standings of the subjects that may have scored before; a first score needs none. */
function readEarlier(tx: Tx, versions: readonly MetricVersion[], events: readonly EventDraft[]) {
  const keys: { version: string; subject: string }[] = [];
  for (const event of events) {
    for (const version of versions) {
      const effect = effectOf(version.definition, event.type);
      if (effect === 'RESTATES' || effect === 'REVERSES') {
        keys.push({ version: version.id, subject: subjectOf(event) });
      }
    }
  }
  return keys.length > 0
    ? readSubjectStandings(tx.connection, tx.organizationId, keys)
    : Promise.resolve(new Map<string, readonly Standing[]>());
}

/** Collects consequences as what entries_insert_v1 and rollups_apply_v1 take. */
export class DerivedDrafts {
  private readonly organizationId: string;
  private readonly entries: EntryDraft[] = [];
  private readonly paths = new Map<string, readonly string[]>();
  private readonly sums: RollupSums;

  constructor(organizationId: string) {
    this.organizationId = organizationId;
    this.sums = new RollupSums(organizationId);
  }

  /** `cause`: an index into the transaction's events, or a position and its moment in the log. */
  add(version: MetricVersion, cause: Partial<EntryDraft>, consequence: Consequence): void {
    for (const entry of consequence.entries) {
      this.entries.push({ ...cause, ...this.draft(version, entry) });
      this.sums.add(version, entry);
    }
  }

  private draft(version: MetricVersion, entry: NewEntry): EntryDraft {
    const path = teamPathId(this.organizationId, entry.teamPath);
    this.paths.set(path, entry.teamPath);
    return {
      version: version.id,
      ordinal: entry.ordinal,
      subject: entry.subject,
      member: entry.member,
      path,
      amount: fromUnits(entry.amount),
      countsAt: entry.countsAt,
      originallyAt: entry.originallyAt,
      reversesPosition: entry.reverses?.position ?? null,
      reversesEvent: entry.reverses?.event ?? null,
      reversesOrdinal: entry.reverses?.ordinal ?? null,
    };
  }

  get size(): number {
    return this.entries.length;
  }

  derived(): Derived {
    const paths = [...this.paths].map(([id, teamIds]) => ({ id, teamIds }));
    return { entries: this.entries, rollups: this.sums.drafts(), paths };
  }
}
