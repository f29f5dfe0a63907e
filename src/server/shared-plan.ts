import DataLoader from 'dataloader';
import { type ContextConfig, createContext } from '../api/context.ts';
import {
  classViewer,
  type Dependency,
  type DependsOn,
  identityClass,
} from '../api/identity-class.ts';
import { unauthenticated } from '../api/unauthorized.ts';
import type { Database } from '../database/database.ts';
import type { Viewer } from '../database/viewer.ts';
import type { Feed } from '../events/feed.ts';
import type { LoggedEvent } from '../events/logged-event.ts';
import { Pause } from '../live/alarm.ts';
import type { Once } from '../live/groups/once.ts';
import type { Concern, Plan } from '../live/groups/plan.ts';
import { persist } from '../live/persist.ts';
import type { Authenticate } from './authenticate.ts';
import type { ReportError } from './masking.ts';
import type { Session } from './session.ts';
import type { SharedOperation } from './shared-operation.ts';
import { groupWork } from './shared-work.ts';
import type { Tracing } from './tracing.ts';
import { checkStillAllowed } from './use-event-context.ts';

export interface SharedServices {
  db: Database;
  feed: Feed;
  config: ContextConfig;
  authenticate: Authenticate;
  report: ReportError;
  tracing: Tracing | null;
}

/** Events of these say who may see what, but for changes of a name. */
const RIGHTS = new Set(['Member', 'Team']);
const RIGHTLESS = new Set(['member.updated', 'team.updated']);
/** Sessions that are looked up in one statement. */
const TOGETHER = 500;

/** Whose answers a subscriber shares by the rights of now; the same promise for all who come with the same token. */
export function planOf(
  services: SharedServices,
  operation: SharedOperation,
  session: Session,
  once: Once,
): Promise<Plan<unknown>> {
  return once.get(operation, keyOf(session), async () => {
    const viewer = await viewerOf(services, session, once);
    if (!viewer) throw unauthenticated();
    checkStillAllowed(operation, viewer);
    const conditions = await authorize(services, operation, viewer, once);
    const dependencies = holding(operation.dependencies, conditions);
    return {
      key: `${identityClass(viewer, dependencies)} ${operation.text}`,
      work: groupWork(services, operation, classViewer(viewer, dependencies)),
      isOwn: dependencies.has('member'),
      holder: viewer.tokenId,
      endsAt: viewer.expiresAt?.getTime() ?? null,
    };
  });
}

/** What an event may change of that. */
export function concernOf({ sharing, args }: SharedOperation, event: LoggedEvent): Concern {
  if (event.recordType === 'AccessToken') {
    return event.type === 'token.created' ? 'nobody' : { holder: event.recordId };
  }
  const isRight = RIGHTS.has(event.recordType) && !RIGHTLESS.has(event.type);
  return isRight || sharing.concerns(event, args) ? 'everybody' : 'nobody';
}

const keyOf = ({ token, origin }: Session): string => JSON.stringify([token, origin]);

/** All sessions that are asked for in one turn of the event loop are looked up together. */
function viewerOf(
  { db, authenticate }: SharedServices,
  session: Session,
  once: Once,
): Promise<Viewer | null> {
  const all = (sessions: readonly Session[]) =>
    authenticate.all?.(db, sessions) ?? Promise.all(sessions.map((each) => authenticate(db, each)));
  const loader = once.of(
    authenticate,
    () =>
      new DataLoader<Session, Viewer | null, string>((sessions) => lasting(() => all(sessions)), {
        cacheKeyFn: keyOf,
        maxBatchSize: TOGETHER,
      }),
  );
  return loader.load(session);
}

async function authorize(
  services: SharedServices,
  operation: SharedOperation,
  viewer: Viewer,
  once: Once,
): Promise<Readonly<Record<string, boolean>>> {
  const { sharing, args } = operation;
  const ctx = createContext({
    ...{ db: services.db, feed: services.feed, config: services.config, viewer },
    ...{ caller: { address: null, origin: null }, requestId: '' },
    presentViewer: () => Promise.resolve(viewer),
  });
  const key = `${viewer.organizationId} ${operation.text}`;
  const subject = await once.get(sharing, key, () => lasting(() => sharing.subject(args, ctx)));
  return lasting(() => sharing.authorize(subject, args, ctx));
}

/** An outage of some seconds does not end the subscriptions of all who are looked at during it. */
const lasting = <Result>(work: () => Promise<Result>): Promise<Result> =>
  persist(work, new Pause(), () => false);

function holding(
  declared: readonly DependsOn[],
  conditions: Readonly<Record<string, boolean>>,
): Set<Dependency> {
  const holds = declared.flatMap((dependency) => {
    if (typeof dependency === 'string') return [dependency];
    return conditions[dependency.when] === false ? [] : [dependency.on];
  });
  return new Set<Dependency>(holds);
}
