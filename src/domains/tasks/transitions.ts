import type { Database } from '../../database/database.ts';
import { checkVersion } from '../../database/errors.ts';
import { type Committed, transact } from '../../database/transact.ts';
import type { MemberViewer } from '../../database/viewer.ts';
import { taskCompleted, taskMoved } from './events.ts';
import { type Act, nextStatus, requireRight } from './rules.ts';
import { advanced, outcomeOf, type TaskOutcome } from './service.ts';
import { lockTask, moveTask } from './store.ts';

export interface Transition {
  id: string;
  expectedVersion?: number | null;
  idempotencyKey?: string | null;
}

type Step = (
  db: Database,
  viewer: MemberViewer,
  input: Transition,
) => Promise<Committed<TaskOutcome>>;

/** One change of status, as the table in rules.ts has it. Throws NotFound, NotAllowed, Conflict, WrongState. */
function transition(
  mutation: string,
  act: Extract<Act, 'START' | 'COMPLETE' | 'REOPEN' | 'CANCEL'>,
): Step {
  return (db, viewer, input) =>
    transact(db, viewer, mutation, input, async (tx) => {
      const before = await lockTask(tx, input.id);
      requireRight(act, viewer, before);
      checkVersion('Task', before, input.expectedVersion);
      const status = nextStatus(act, before.status);
      const moved = advanced(tx, { ...before, status });
      const after = { ...moved, completedAt: status === 'DONE' ? moved.updatedAt : null };
      moveTask(tx, after);
      tx.event(
        act === 'COMPLETE'
          ? taskCompleted(before, after, viewer.memberId)
          : taskMoved(act, before, after),
      );
      return outcomeOf(after);
    });
}

/** Begins an open task. */
export const startTask = transition('startTask', 'START');

/** Completes a task that is open or begun; its assignee (without one, the viewer) is credited. */
export const completeTask = transition('completeTask', 'COMPLETE');

/** Takes a done or cancelled task up again; what its completion scored is taken back. */
export const reopenTask = transition('reopenTask', 'REOPEN');

/** Gives a task up that is not done. */
export const cancelTask = transition('cancelTask', 'CANCEL');
