// A board that a bench changes: every change gives its leader a score that nobody has had.
import { encodeGlobalId } from '../src/api/global-ids.ts';
import type { Database } from '../src/database/database.ts';
import { newId } from '../src/database/ids.ts';
import { createLeaderboard } from '../src/domains/leaderboards/service.ts';
import { makeOrganization } from './organization.ts';

const CORRECT = `mutation Correct($input: CorrectScoreInput!) { correctScore(input: $input) { __typename } }`;

export interface WatchedBoard {
  /** Global. */
  id: string;
  token: string;
  /** How the leader's score will stand in a frame after the next change. */
  next(): string;
  /** One more for the leader, through a node; resolves when it has answered. */
  score(url: string): Promise<void>;
}

export async function makeBoard(db: Database, members: number): Promise<WatchedBoard> {
  const { admin, token, members: ids } = await makeOrganization(db, members);
  const metric = await db.prisma.metric.findFirstOrThrow({
    where: { key: 'won-count', organizationId: admin.organizationId },
  });
  const board = await createLeaderboard(db, admin, {
    name: 'Bench',
    periodUnit: 'MONTH',
    measures: [{ metricId: metric.id }],
  });
  let score = 1_000_000;
  let isFirst = true;
  return {
    id: encodeGlobalId('Leaderboard', board.id),
    token,
    next: () => `"score":"${score + (isFirst ? 0 : 1)}"`,
    async score(url) {
      const amount = isFirst ? String(score) : '1';
      if (!isFirst) score += 1;
      isFirst = false;
      const input = {
        ...{ amount, reason: 'Bench', idempotencyKey: newId() },
        memberId: encodeGlobalId('Member', ids[0] ?? ''),
        metricId: encodeGlobalId('Metric', metric.id),
      };
      const answer = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
        body: JSON.stringify({ query: CORRECT, variables: { input } }),
      });
      const text = await answer.text();
      if (!text.includes('CorrectScorePayload')) throw new Error(text);
    },
  };
}
