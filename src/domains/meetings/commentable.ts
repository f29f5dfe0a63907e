import { covers } from '../../database/viewer.ts';
import { declareCommentable } from '../comments/commentable.ts';
import { lock } from './store.ts';

declareCommentable('Meeting', async (tx, id) => {
  const locked = await lock(tx, id);
  const owners = locked?.participants.map(({ memberId }) => memberId) ?? [];
  return owners.some((memberId) => covers(tx.viewer, memberId)) ? { visibility: { owners } } : null;
});
