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

  /** Where the log stands, for this person. */
  async position(): Promise<string> {
    return (await this.ask(POSITION, {})).tasks.position;
  }

  /** @param since where to begin, as `position` gave it to the same person; default: now */
  async open(since?: string): Promise<void> {
    const from = since ?? (await this.position());
    this.#after = positionOf(from);
    this.follow(FOLLOW, { since: from }, ({ taskEvents: { taskId, taskVersion } }) => {
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
