import { newsAfter, newsKey, ShownBoard } from './board-model.ts';
import { compareHistory, type Model, type Verdict } from './model.ts';
import { documentOf, positionOf, Screen } from './screen.ts';

interface Update {
  leaderboard: {
    cursor: string;
    reset: string | null;
    moreCauses: boolean;
    standings: { name: string; score: string }[];
    changes: { name: string; scoreBefore: string | null; causes: { worth: string }[] }[];
  };
}

const WATCH = documentOf<Update>(`subscription ($id: ID!, $since: Cursor) {
  leaderboard(id: $id, since: $since, first: 50) { cursor reset moreCauses
    standings { name score } changes { name scoreBefore causes { worth } } } }`);

/** Shows the board of its company, and why it changed. */
export class BoardScreen extends Screen {
  #shown = new ShownBoard();

  async open(): Promise<void> {
    this.follow(WATCH, { id: this.company.boardId }, ({ leaderboard }) => {
      const { cursor, reset, moreCauses, standings, changes } = leaderboard;
      this.#shown.take({
        ...{ position: positionOf(cursor), reset, moreCauses },
        scores: new Map(standings.map(({ name, score }) => [name, Number(score)])),
        changes: changes.map(({ name, scoreBefore, causes }) => ({
          name,
          before: scoreBefore === null ? null : Number(scoreBefore),
          causes: causes.map(({ worth }) => Number(worth)),
        })),
      });
    });
  }

  judge(model: Model): Verdict {
    const { organizationId, reps } = this.company;
    const names = new Map(reps.map(({ memberId, name }) => [memberId, name]));
    return this.#shown.judge(names, model.scored(organizationId));
  }
}

interface News {
  boardNews: { kind: string; worth: string | null };
}

const POSITION = documentOf<{ leaderboard: { standings: { position: string } } }>(
  'query ($id: ID!) { leaderboard(id: $id) { standings(first: 1) { position } } }',
);
const NEWS = documentOf<News>(
  'subscription ($id: ID!, $since: Cursor) { boardNews(id: $id, since: $since) { cursor kind reset worth } }',
);

/** Shows the good news of its company's board. */
export class NewsScreen extends Screen {
  #shown: string[] = [];
  #after = 0;

  async open(): Promise<void> {
    const id = this.company.boardId;
    const { leaderboard } = await this.ask(POSITION, { id });
    const since = leaderboard.standings.position;
    this.#after = positionOf(since);
    this.follow(NEWS, { id, since }, ({ boardNews: { kind, worth } }) => {
      this.#shown.push(newsKey(kind, Number(worth)));
    });
  }

  judge(model: Model): Verdict {
    const { organizationId, reps } = this.company;
    const contestants = reps.map(({ memberId }) => memberId);
    const expected = newsAfter(contestants, model.scored(organizationId), this.#after);
    return compareHistory(expected, this.#shown);
  }
}
