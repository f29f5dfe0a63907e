import { createFunnel } from '../../domains/funnels/funnel-service.ts';
import type { FunnelMapping } from '../model.ts';
import { inTransaction, type Session } from '../session.ts';

/** Makes the funnels that are not there yet. One that is there is the organization's own, and stays as it is. */
export async function importFunnels(
  session: Session,
  funnels: readonly FunnelMapping[],
): Promise<void> {
  const { db, viewer, report, references } = session;
  for (const funnel of funnels) {
    report.count('funnels').read += 1;
    const { externalId } = funnel;
    const reference = { kind: 'funnel' as const, text: externalId, column: '', value: externalId };
    const found = await inTransaction(session, (tx) => references.resolve(tx, [reference]));
    const known = found.get(reference);
    if (known && 'id' in known) {
      report.changed('funnels', 'UNCHANGED');
      continue;
    }
    await createFunnel(db, viewer, funnel);
    report.changed('funnels', 'CREATED');
  }
}
