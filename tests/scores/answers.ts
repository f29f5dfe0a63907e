import { expect } from 'vitest';
import { encodeGlobalId } from '../../src/api/global-ids.ts';
import { signIn } from '../../src/domains/people/sign-in.ts';
import type { TestApp } from '../support/app.ts';
import { PASSWORD } from '../support/seed.ts';
import { boardOf } from './boards.ts';
import type { Company } from './company.ts';
import { spans } from './compare.ts';
import { sum } from './model.ts';
import { amountOf, pick } from './records.ts';

const MOST_ENTRIES = 100;

const STANDINGS = `query ($id: ID!, $period: PeriodInput!) {
  leaderboard(id: $id) {
    standings(first: 20, period: $period) {
      nodes {
        rank name score hasLeft
        entries(first: ${MOST_ENTRIES}) { totalCount nodes { id worth originallyAt reverses } }
      }
    }
  }
}`;

interface Answer {
  leaderboard: {
    standings: {
      nodes: {
        rank: number;
        name: string;
        score: string;
        hasLeft: boolean;
        entries: { totalCount: number; nodes: { id: string; worth: string; reverses: string }[] };
      }[];
    };
  };
}

/** What a client is told: the board that the model has, and scores that their entries add up to. */
export async function compareAnswers(app: TestApp, company: Company, turn: number): Promise<void> {
  const { db, organization, model, boards, names } = company;
  const { key, employeeNumber } = organization;
  // The session that it was founded in is long over.
  const session = await signIn(db, { organizationKey: key, employeeNumber, password: PASSWORD });
  for (const [index, name] of ['won-amount', 'teams'].entries()) {
    const board = boards.get(name);
    if (!board) throw new Error('there is no such board');
    // This month or the last one of one of them, all time or a run of days of the other.
    const span = pick(spans(company), turn + index * 2);
    const variables = { id: encodeGlobalId('Leaderboard', board.id), period: span.input };
    const asked = { token: session.secret ?? '' };
    const { leaderboard } = await app.expectData<Answer>(STANDINGS, variables, asked);
    const { nodes } = leaderboard.standings;
    const { contestants, teams, ranking } = board;
    const expected = boardOf(model, {
      ...{ metric: 'won-amount', contestants, teams, ranking, scope: null, depth: 1 },
      ...{ tieBreak: 'FIRST_TO_REACH', showZero: true, start: span.start, end: span.end },
    });
    expect(nodes.map((node) => [node.rank, node.name, amountOf(node.score), node.hasLeft])).toEqual(
      expected.map((row) => [row.rank, names.get(row.id), row.score, row.left]),
    );
    for (const { score, name, entries } of nodes) {
      expect(entries.nodes.length, name).toBe(Math.min(entries.totalCount, MOST_ENTRIES));
      const worth = sum(entries.nodes.map((entry) => ({ amount: amountOf(entry.worth) })));
      if (entries.totalCount <= MOST_ENTRIES) expect(worth, name).toBe(amountOf(score));
    }
  }
}
