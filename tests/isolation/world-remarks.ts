import type { Database } from '../../src/database/database.ts';
import { commentableTypes } from '../../src/domains/comments/commentable.ts';
import { addComment } from '../../src/domains/comments/service.ts';
import type { World } from './world.ts';

/** A comment on a record of every type that takes some. */
export async function addRemarks(db: Database, { marks, main, admin }: World): Promise<void> {
  const viewer = await admin.viewer();
  for (const type of commentableTypes()) {
    const record = { type, id: main[type] ?? '' };
    const { id } = await addComment(db, viewer, { record, body: marks.text(`remark on ${type}`) });
    main.Comment = id;
  }
}
