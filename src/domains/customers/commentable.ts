import { covers } from '../../database/viewer.ts';
import { declareCommentable } from '../comments/commentable.ts';
import { lockCustomers } from './store.ts';

declareCommentable('Customer', async (tx, id) => {
  const [customer] = await lockCustomers(tx, { ids: [id] });
  if (!customer || !covers(tx.viewer, customer.ownerId)) return null;
  return { visibility: { owners: [customer.ownerId] } };
});
