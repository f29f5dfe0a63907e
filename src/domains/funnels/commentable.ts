import { covers } from '../../database/viewer.ts';
import { declareCommentable } from '../comments/commentable.ts';
import { findOpportunity } from './store.ts';

declareCommentable('Opportunity', async (tx, id) => {
  const deal = await findOpportunity(tx, id);
  if (!deal || !covers(tx.viewer, deal.ownerId)) return null;
  return { visibility: { owners: [deal.ownerId] } };
});
