import { bucketOf, isBounded, periodContaining } from '../calendar/periods.ts';
import type { RollupDraft } from '../database/derived.ts';
import { NIL_ID } from '../database/ids.ts';
import { fromUnits, type Units } from './amounts.ts';
import type { MetricVersion } from './definition.ts';
import type { NewEntry } from './ledger.ts';
import { teamPathId } from './team-paths.ts';

interface Row extends Omit<RollupDraft, 'amount'> {
  key: string;
  sum: Units;
}

/** Adds entries up into what each roll-up row gains, in the order of the rows' key. */
export class RollupSums {
  private readonly organizationId: string;
  private readonly rows = new Map<string, Row>();

  constructor(organizationId: string) {
    this.organizationId = organizationId;
  }

  add(
    version: MetricVersion,
    entry: Pick<NewEntry, 'member' | 'teamPath' | 'amount' | 'countsAt'>,
  ): void {
    const at = new Date(entry.countsAt);
    const path = teamPathId(this.organizationId, entry.teamPath);
    for (const grain of version.grains) {
      const bucket = bucketOf(version.definition.calendar, grain, at);
      this.addTo(version, grain, bucket, 'MEMBER', entry.member, path, entry);
      for (const team of entry.teamPath)
        this.addTo(version, grain, bucket, 'TEAM', team, NIL_ID, entry);
    }
  }

  private addTo(
    version: MetricVersion,
    grain: MetricVersion['grains'][number],
    bucket: string,
    kind: 'MEMBER' | 'TEAM',
    contestant: string,
    path: string,
    { amount, countsAt }: Pick<NewEntry, 'amount' | 'countsAt'>,
  ): void {
    const key = [version.id, grain, bucket, kind, contestant, path].join(' ');
    const row = this.rows.get(key);
    if (row) {
      row.sum += amount;
      row.entries += 1;
      if (countsAt < row.first) row.first = countsAt;
      if (countsAt > row.last) row.last = countsAt;
      row.positive &&= amount > 0n;
      return;
    }
    const period = periodContaining(version.definition.calendar, grain, bucketDay(grain, bucket));
    const bounds = isBounded(period)
      ? { start: period.start.toISOString(), end: period.end.toISOString() }
      : { start: null, end: null };
    this.rows.set(key, {
      ...bounds,
      key,
      version: version.id,
      grain,
      bucket,
      kind,
      contestant,
      path,
      sum: amount,
      entries: 1,
      first: countsAt,
      last: countsAt,
      positive: amount > 0n,
    });
  }

  drafts(): RollupDraft[] {
    return [...this.rows.values()]
      .sort((a, b) => (a.key < b.key ? -1 : 1))
      .map(({ key: _, sum, ...row }) => ({ ...row, amount: fromUnits(sum) }));
  }
}

/** ALL_TIME ignores its day, but the calendar refuses days before 1900. */
const bucketDay = (grain: string, bucket: string): string =>
  grain === 'ALL_TIME' ? '2000-01-01' : bucket;
