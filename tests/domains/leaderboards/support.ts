import { encodeGlobalId } from '../../../src/api/global-ids.ts';
import type { TestApp } from '../../support/app.ts';
import type { Actor } from '../../support/seed.ts';

export const memberGid = (actor: Actor): string => encodeGlobalId('Member', actor.memberId);

/** Global id of a standard metric. */
export async function metricGid(app: TestApp, actor: Actor, key: string): Promise<string> {
  const { metrics } = await app.expectData<{ metrics: { id: string; key: string }[] }>(
    '{ metrics { id key } }',
    {},
    { token: actor.token },
  );
  const metric = metrics.find((known) => known.key === key);
  if (!metric) throw new Error(`no metric ${key}`);
  return metric.id;
}

export interface BoardSettings {
  metric?: string;
  name?: string;
  [setting: string]: unknown;
}

/** Makes a board of a standard metric and gives its global id. */
export async function makeBoard(
  app: TestApp,
  admin: Actor,
  settings: BoardSettings = {},
): Promise<string> {
  const { metric = 'won-amount', name = 'Board', ...rest } = settings;
  const measures = [{ metricId: await metricGid(app, admin, metric) }];
  const input = { name, measures, periodUnit: 'MONTH', ...rest };
  const { createLeaderboard } = await app.expectData<{
    createLeaderboard: { leaderboard?: { id: string }; message?: string };
  }>(
    `mutation ($input: CreateLeaderboardInput!) { createLeaderboard(input: $input) {
       ... on CreateLeaderboardPayload { leaderboard { id } } ... on UserError { message } } }`,
    { input },
    { token: admin.token },
  );
  const id = createLeaderboard.leaderboard?.id;
  if (!id) throw new Error(createLeaderboard.message);
  return id;
}

/** Gives somebody points; the amount may be negative. */
export async function score(
  app: TestApp,
  admin: Actor,
  who: Actor,
  amount: string,
  extra: { metric?: string; countsAt?: string; idempotencyKey?: string } = {},
): Promise<Record<string, unknown>> {
  const { metric = 'won-amount', ...rest } = extra;
  const input = {
    metricId: await metricGid(app, admin, metric),
    memberId: memberGid(who),
    amount,
    reason: 'test',
    ...rest,
  };
  const { correctScore } = await app.expectData<{ correctScore: Record<string, unknown> }>(
    `mutation ($input: CorrectScoreInput!) { correctScore(input: $input) { __typename ... on UserError { code message path } } }`,
    { input },
    { token: admin.token },
  );
  return correctScore;
}

export interface Row {
  rank: number;
  name: string;
  score: string | null;
}

/** The board as a list of `name score`, through the query. */
export async function standings(
  app: TestApp,
  viewer: Actor,
  id: string,
  args = '',
  fields = 'rank name score',
): Promise<Row[]> {
  const { leaderboard } = await app.expectData<{
    leaderboard: { standings: { nodes: Row[] } } | null;
  }>(
    `query ($id: ID!) { leaderboard(id: $id) { standings${args ? `(${args})` : ''} { nodes { ${fields} } } } }`,
    { id },
    { token: viewer.token },
  );
  if (!leaderboard) throw new Error('no such board for this viewer');
  return leaderboard.standings.nodes;
}

export interface Update {
  leaderboard: {
    cursor: string;
    reset: string | null;
    standings: Row[];
    changes: {
      name: string;
      from: number | null;
      to: number | null;
      scoreBefore: string | null;
      scoreAfter: string | null;
      causes: { event: string; worth: string | null }[];
    }[];
    moreCauses: boolean;
  };
}

export const WATCH = `subscription ($id: ID!, $since: Cursor, $first: Int = 10) {
  leaderboard(id: $id, since: $since, first: $first) {
    cursor reset asOf moreCauses
    standings { rank name score }
    changes { name from to scoreBefore scoreAfter causes { event worth } }
  }
}`;
