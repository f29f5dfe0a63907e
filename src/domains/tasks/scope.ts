import { declareRowScope, visibleThrough } from '../../database/row-scope.ts';

declareRowScope('Task', (viewer) => {
  if (viewer.visibleMembers === 'ALL') return null;
  const covered = { in: [...viewer.visibleMembers] };
  return {
    OR: [
      { assigneeId: covered },
      { creatorId: covered },
      { watchers: { some: { memberId: viewer.memberId } } },
    ],
  };
});
declareRowScope('TaskWatcher', visibleThrough('task', 'Task'));
declareRowScope('ChecklistItem', visibleThrough('task', 'Task'));
declareRowScope('TaskStatusChange', visibleThrough('task', 'Task'));
declareRowScope('TaskAssignment', visibleThrough('task', 'Task'));
