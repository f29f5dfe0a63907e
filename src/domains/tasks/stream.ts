import type { Visibility } from '../../database/event-draft.ts';
import { readerFor } from '../../database/reader.ts';
import type { MemberViewer, Viewer } from '../../database/viewer.ts';
import type { Feed } from '../../events/feed.ts';
import type { ResumeWindow } from '../../events/log.ts';
import type { LoggedEvent } from '../../events/logged-event.ts';
import { RightsEnded } from '../../live/errors.ts';
import { followLog } from '../../live/follow-log.ts';
import { mapped } from '../../live/mapped.ts';
import type { ResetReason, Since } from '../../live/since.ts';
import {
  type Facts,
  factsOf,
  matches,
  mayChangeRights,
  mayHaveMoved,
  type News,
  newsOf,
  reaches,
  seesTheSame,
  type TaskEventFilter,
} from './stream-rules.ts';
import './scope.ts';

export interface TaskStreamOptions {
  feed: Feed;
  /** Who subscribes, with the rights at that moment. */
  viewer: MemberViewer;
  /** The same with the rights of now; null when they have ended. Called for every event. */
  present: () => Promise<Viewer | null>;
  filter: TaskEventFilter;
  since: Since;
  limit: number;
  window: ResumeWindow;
}

/** One thing that happened in a viewer's tasks, with its place in the log for the cursor. */
export type TaskFrame =
  | { kind: News; event: LoggedEvent; position: number }
  | { kind: 'RESET'; reason: ResetReason; position: number };

type Told = { kind: News } | { kind: 'RESET'; reason: ResetReason };

/**
 * Every change to the tasks that the viewer may see and the filter lets through: in order, after `since` and then
 * live. Whether a task was and is in view is decided from what the event says of it, by the viewer's present rights,
 * read anew for each. Ends with RightsEnded; says RIGHTS_CHANGED when the rights come to reach other tasks.
 */
export async function followTasks(
  options: TaskStreamOptions,
): Promise<AsyncIterableIterator<TaskFrame, undefined>> {
  const { feed, viewer, since, limit, window } = options;
  const teller = new Teller(options);
  const frames = await followLog<Told>({
    ...{ feed, since, limit, window },
    organizationId: viewer.organizationId,
    concerns: (event) => teller.concerns(event),
    items: (event, isReplay) => teller.tell(event, isReplay),
  });
  return mapped(frames, (frame): TaskFrame => {
    const { position } = frame;
    if (frame.kind === 'reset') return { kind: 'RESET', reason: frame.reason, position };
    const { item, event } = frame;
    return item.kind === 'RESET' ? { ...item, position } : { kind: item.kind, event, position };
  });
}

class Teller {
  #options: TaskStreamOptions;
  #viewer: MemberViewer;

  constructor(options: TaskStreamOptions) {
    this.#options = options;
    this.#viewer = options.viewer;
  }

  /**
   * What can be ruled out without asking the database, by the rights as last seen: should they have widened since,
   * the event that says so comes, and with it a reset.
   */
  concerns(event: LoggedEvent): boolean {
    if (mayChangeRights(event)) return true;
    if (event.recordType !== 'Task') return false;
    const { before, after } = event.visibility;
    if (!reaches(this.#viewer, before) && !reaches(this.#viewer, after)) return false;
    const facts = factsOf(event);
    return !facts || this.#matches(event, facts.before) || this.#matches(event, facts.after);
  }

  async tell(event: LoggedEvent, isReplay: boolean): Promise<Told[]> {
    const viewer = await this.#present();
    const isMoved = !seesTheSame(this.#viewer, viewer);
    this.#viewer = viewer;
    const isRightsEvent = mayChangeRights(event);
    // What was missed cannot be compared: what the rights were then is not known any more.
    const isMissed = isReplay && isRightsEvent && mayHaveMoved(event, viewer);
    const told: Told[] = isMoved || isMissed ? [{ kind: 'RESET', reason: 'RIGHTS_CHANGED' }] : [];
    const kind = isRightsEvent ? null : await this.#newsOf(event, viewer);
    return kind ? [...told, { kind }] : told;
  }

  async #present(): Promise<MemberViewer> {
    const viewer = await this.#options.present();
    if (viewer?.kind === 'member' && viewer.grants.has('READ')) return viewer;
    throw new RightsEnded('Your sign-in has ended, or its rights have. Sign in again.');
  }

  async #newsOf(event: LoggedEvent, viewer: MemberViewer): Promise<News | null> {
    const facts = factsOf(event) ?? (await this.#factsNow(event, viewer));
    const isFound = await this.#findable(viewer, facts);
    const { before, after } = event.visibility;
    const isInView = (visibility: Visibility | null, side: Facts) =>
      reaches(viewer, visibility) && this.#matches(event, side) && isFound(side);
    return newsOf(event.type, isInView(before, facts.before), isInView(after, facts.after));
  }

  #matches(event: LoggedEvent, facts: Facts): boolean {
    return matches(this.#options.filter, event.recordId, facts, this.#viewer.memberId);
  }

  /** Events of other rooms say nothing of the task itself: as they leave it as it is, so it was before. */
  async #factsNow({ recordId }: LoggedEvent, viewer: MemberViewer): Promise<Sides> {
    const task = await readerFor(this.#options.feed.db, viewer).task.findUnique({
      where: { id: recordId },
    });
    const facts: Facts = task ? { ...task, dueAt: task.dueAt?.toISOString() ?? null } : {};
    return { before: facts, after: facts };
  }

  /** A filter by records that the viewer may not see finds nothing by them, so that it gives nothing away. */
  async #findable(viewer: MemberViewer, sides: Sides): Promise<(side: Facts) => boolean> {
    const { filter, feed } = this.#options;
    const reader = readerFor(feed.db, viewer);
    const find = {
      customer: (where: ById) => reader.customer.findMany({ where, select: { id: true } }),
      opportunity: (where: ById) => reader.opportunity.findMany({ where, select: { id: true } }),
      meeting: (where: ById) => reader.meeting.findMany({ where, select: { id: true } }),
    };
    const asked = LINKS.filter((link) => filter[link]);
    const seen = await Promise.all(
      asked.map(async (link) => {
        const linked = [sides.before[`${link}Id`], sides.after[`${link}Id`]];
        const ids = linked.filter((id) => typeof id === 'string');
        const rows = ids.length > 0 ? await find[link]({ id: { in: ids } }) : [];
        return { link, ids: new Set(rows.map(({ id }) => id)) };
      }),
    );
    return (side) => seen.every(({ link, ids }) => ids.has(side[`${link}Id`] ?? ''));
  }
}

const LINKS = ['customer', 'opportunity', 'meeting'] as const;

interface ById {
  id: { in: string[] };
}

interface Sides {
  before: Facts;
  after: Facts;
}
