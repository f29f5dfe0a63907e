import { declareRowScope, ownedBy, rowScope, visibleThrough } from '../../database/row-scope.ts';

declareRowScope('Customer', ownedBy('ownerId'));
declareRowScope('CustomerOwnership', visibleThrough('customer', 'Customer'));
declareRowScope('LifecycleChange', visibleThrough('customer', 'Customer'));
declareRowScope('Contact', visibleThrough('customer', 'Customer'));

/** What somebody in the data scope did stays visible when the customer has passed on to others. */
declareRowScope('Activity', (viewer) => {
  const customer = rowScope('Customer')(viewer);
  if (customer === null || viewer.visibleMembers === 'ALL') return null;
  return { OR: [{ customer }, { authorId: { in: [...viewer.visibleMembers] } }] };
});
