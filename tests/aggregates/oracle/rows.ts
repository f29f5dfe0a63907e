// What a viewer can list, read page by page through the front door; and the facts about teams that go with it.
import type { TestApp } from '../../support/app.ts';

export interface Deal {
  id: string;
  status: 'OPEN' | 'WON' | 'LOST';
  amount: string | null;
  wonAmount: string | null;
  openedAt: string;
  closedAt: string | null;
  createdAt: string;
  stageEnteredAt: string;
  expectedCloseOn: string | null;
  lossReason: string | null;
  archivedAt: string | null;
  archivedAsMistake: boolean;
  owner: { id: string; name: string };
  creditedTo: { id: string; name: string } | null;
  funnel: { id: string; name: string };
  stage: { id: string };
  product: { id: string; name: string; series: string | null } | null;
  customer: {
    id: string;
    name: string;
    kind: string;
    industry: string | null;
    region: string | null;
    grade: string | null;
    lifecycle: string;
    source: string | null;
    tags: string[];
  } | null;
}

const LIST = `query ($after: String, $archived: Boolean!) {
  opportunities(first: 100, after: $after, filter: { archived: $archived }) {
    pageInfo { hasNextPage endCursor }
    nodes {
      id status amount wonAmount openedAt closedAt createdAt stageEnteredAt expectedCloseOn lossReason
      archivedAt archivedAsMistake owner { id name } creditedTo { id name } funnel { id name } stage { id }
      product { id name series }
      customer { id name kind industry region grade lifecycle source tags }
    }
  }
}`;

interface Page {
  opportunities: {
    pageInfo: { hasNextPage: boolean; endCursor: string | null };
    nodes: Deal[];
  };
}

/** All deals that the caller may see, but those that were a mistake: what aggregates are about. */
export async function listDeals(app: TestApp, token: string): Promise<Deal[]> {
  const deals: Deal[] = [];
  for (const archived of [false, true]) {
    let after: string | null = null;
    do {
      const variables: Record<string, unknown> = { after, archived };
      const { opportunities }: Page = await app.expectData<Page>(LIST, variables, { token });
      deals.push(...opportunities.nodes);
      after = opportunities.pageInfo.hasNextPage ? opportunities.pageInfo.endCursor : null;
    } while (after !== null);
  }
  return deals.filter(({ archivedAsMistake }) => !archivedAsMistake);
}
