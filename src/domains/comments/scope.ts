import { declareRowScope } from '../../database/row-scope.ts';
import type { Viewer } from '../../database/viewer.ts';

/**
 * Comments are visible where their record is, and no relation leads there, as it may be of any type. So a viewer reads
 * no comments at all until a resolver that holds the record, read with the viewer's own rights, says that it is there.
 * A viewer lives as long as its request.
 */
const shown = new WeakMap<Viewer, Set<string>>();

/** The viewer has read this record, and may so read its comments. */
export function showComments(viewer: Viewer, recordId: string): void {
  const records = shown.get(viewer) ?? new Set();
  shown.set(viewer, records.add(recordId));
}

declareRowScope('Comment', (viewer) => ({ recordId: { in: [...(shown.get(viewer) ?? [])] } }));
