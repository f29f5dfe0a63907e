import { createDatabase, type Database } from '../../src/database/database.ts';
import type { EventDraft } from '../../src/database/event-draft.ts';
import { newId } from '../../src/database/ids.ts';
import { transact } from '../../src/database/transact.ts';
import { type MemberViewer, systemViewer } from '../../src/database/viewer.ts';

/** Writes into one organization's log as services do. */
export interface LogWriter {
  organizationId: string;
  viewer: MemberViewer;
  /** Commits events in one transaction; gives the position of the last. */
  write(...events: Partial<EventDraft>[]): Promise<number>;
}

export function openDatabase(url: string, size = 8): Database {
  return createDatabase({ url, size, pipeline: true });
}

/** A new organization with an empty log. */
export async function logWriter(db: Database): Promise<LogWriter> {
  const organizationId = newId();
  await db.pool.query(
    `WITH made AS (
       INSERT INTO organization (id, key, name, time_zone, first_day_of_week, fiscal_month_end,
         fiscal_year_start_month, currency, locale)
       VALUES ($1::uuid, $1::uuid::text, '测试', 'Asia/Shanghai', 1, 31, 1, 'CNY', 'zh-CN'))
     INSERT INTO log_head (organization_id, logged_at) VALUES ($1::uuid, now())`,
    [organizationId],
  );
  const viewer = systemViewer(organizationId, newId(), 'test');
  return {
    organizationId,
    viewer,
    async write(...events) {
      const { position } = await transact(db, viewer, 'write', {}, async (tx) => {
        for (const event of events.length > 0 ? events : [{}]) tx.event({ ...draft(), ...event });
        return {};
      });
      return position;
    },
  };
}

function draft(): EventDraft {
  return {
    type: 'thing.happened',
    version: 1,
    recordType: 'Thing',
    recordId: newId(),
    recordVersion: 1,
    payload: {},
    visibility: { before: null, after: null },
  };
}
