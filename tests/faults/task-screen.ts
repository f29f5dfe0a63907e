import { decodeGlobalId } from '../../src/api/global-ids.ts';
import { compareHistory, type Model, taskKey, type Verdict } from './model.ts';
import { documentOf, positionOf, Screen } from './screen.ts';

interface TaskEvent {
  taskEvents: { cursor: string; taskId: string | null; taskVersion: number | null };
}

const POSITION = documentOf<{ tasks: { position: string } }>('{ tasks(first: 1) { position } }');
const FOLLOW = documentOf<TaskEvent>(`subscription ($since: Cursor) { taskEvents(since: $since) {
  __typename cursor taskId taskVersion task { title status } ... on TaskStreamReset { reason } } }`);

/** Shows every change to the tasks that its person may see. */
export class TaskScreen extends Screen {
  readonly shown: string[] = [];
  #after = 0;

  async open(): Promise<void> {
    const { tasks } = await this.ask(POSITION, {});
    this.#after = positionOf(tasks.position);
    this.follow(FOLLOW, { since: tasks.position }, ({ taskEvents: { taskId, taskVersion } }) => {
      this.shown.push(taskKey(decodeGlobalId(taskId ?? '')?.id ?? '', taskVersion ?? 0));
    });
  }

  judge(model: Model): Verdict {
    const { organizationId, admin } = this.company;
    const memberId = this.person === admin ? null : this.person.memberId;
    const expected = model.tasks({ organizationId, memberId, after: this.#after });
    return compareHistory(expected, this.shown);
  }
}
