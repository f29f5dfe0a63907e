import { NotFound } from '../../database/errors.ts';
import { newId } from '../../database/ids.ts';
import type { Tx } from '../../database/transaction.ts';
import type { ChecklistItem } from './model.ts';
import { deleteItems, insertItems, readChecklist, saveItem } from './store.ts';
import { checkItemTexts } from './values.ts';

export interface ItemGiven {
  /** Of an item that is kept, with its check; default: a new one. */
  id?: string | null;
  text: string;
}

/** Gives a locked task another checklist; false when it has that already. Throws NotFound for an item of another task. */
export async function replaceChecklist(
  tx: Tx,
  taskId: string,
  given: readonly ItemGiven[],
): Promise<boolean> {
  const texts = checkItemTexts(
    given.map(({ text }) => text),
    ['input', 'checklist'],
  );
  const before = await readChecklist(tx, taskId);
  const known = new Map(before.map((item) => [item.id, item]));
  const wanted: ChecklistItem[] = given.map(({ id }, ordinal) => {
    const text = texts[ordinal] ?? '';
    if (!id) return { id: newId(), ordinal, text, checkedAt: null, checkedById: null };
    const item = known.get(id);
    // Taken out, so that an id given twice is not found the second time.
    known.delete(id);
    if (!item) {
      const path = ['input', 'checklist', String(ordinal), 'id'];
      throw new NotFound('The task has no such checklist item.', { path });
    }
    return { ...item, ordinal, text };
  });
  const old = new Map(before.map((item) => [item.id, item]));
  const changed = wanted.filter((item) => {
    const was = old.get(item.id);
    return was && (was.text !== item.text || was.ordinal !== item.ordinal);
  });
  const added = wanted.filter(({ id }) => !old.has(id));
  deleteItems(tx, [...known.keys()]);
  for (const item of changed) saveItem(tx, item);
  insertItems(tx, taskId, added);
  return known.size > 0 || changed.length > 0 || added.length > 0;
}
