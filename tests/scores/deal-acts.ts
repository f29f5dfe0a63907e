import {
  archiveOpportunity,
  createOpportunity,
  transferOpportunity,
  updateOpportunity,
} from '../../src/domains/funnels/service.ts';
import {
  loseOpportunity,
  reopenOpportunity,
  winOpportunity,
} from '../../src/domains/funnels/transitions.ts';
import type { Doing } from './acts.ts';
import type { Company } from './company.ts';
import { done } from './done.ts';
import type { Worth } from './model.ts';
import {
  AMOUNTS,
  active,
  asDate,
  type Deal,
  decimal,
  momentBack,
  ONE,
  ownerAt,
  pick,
  type Records,
} from './records.ts';

function dealIn(records: Records, which: number, ...statuses: Deal['status'][]): Deal | null {
  const all = records.deals.filter(
    (deal) => !deal.archived && (statuses.length === 0 || statuses.includes(deal.status)),
  );
  return all.length === 0 ? null : pick(all, which);
}

function isWorth({ model }: Company, deal: Deal, worth: Worth | null): void {
  deal.worth = worth;
  model.worth('won-amount', deal.id, worth);
  model.worth('won-count', deal.id, worth && { ...worth, amount: ONE });
}

async function open(
  company: Company,
  records: Records,
  { who, what, back }: { who: number; what: number; back: number },
  known: boolean,
): Promise<Deal> {
  const { db, admin, funnelId, products } = company;
  const owner = pick(active(company), who);
  const amount = known ? pick(AMOUNTS, what) : null;
  const openedAt = momentBack(company, back);
  const opened = await done(
    company,
    null,
    createOpportunity(db, admin, {
      ...{ name: 'Deal', funnelId, ownerId: owner, productId: pick(products, what) },
      ...{ amount: amount === null ? null : decimal(amount), openedAt: asDate(openedAt) ?? null },
    }),
  );
  if (!opened) throw new Error('an opening is never refused');
  const since = openedAt ?? opened.at;
  const deal: Deal = {
    ...{ id: opened.id, version: opened.version, owners: [{ member: owner, from: since }] },
    ...{ status: 'OPEN', amount, since, worth: null, archived: false },
  };
  records.deals.push(deal);
  return deal;
}

async function win(company: Company, deal: Deal, given: number | null, closedAt?: number) {
  const { db, admin } = company;
  const amount = given ?? deal.amount;
  const early = closedAt !== undefined && closedAt < deal.since ? 'MomentOutOfRange' : null;
  const won = await done(
    company,
    amount === null ? 'AmountUnknown' : early,
    winOpportunity(db, admin, {
      id: deal.id,
      wonAmount: given === null ? null : decimal(given),
      closedAt: asDate(closedAt) ?? null,
    }),
  );
  if (!won) return;
  const at = closedAt ?? won.at;
  Object.assign(deal, { version: won.version, status: 'WON', since: at });
  isWorth(company, deal, { member: ownerAt(deal, closedAt), at, amount: amount ?? 0 });
}

/** Changes what a winning was worth. */
async function restate(company: Company, deal: Deal, change: Partial<Worth>, product?: string) {
  const { db, admin } = company;
  if (!deal.worth) throw new Error('a won deal is worth something');
  const restated = await updateOpportunity(db, admin, {
    ...{ id: deal.id, expectedVersion: deal.version, productId: product },
    wonAmount: change.amount === undefined ? undefined : decimal(change.amount),
    creditedToId: change.member,
  });
  deal.version = restated.version;
  isWorth(company, deal, { ...deal.worth, ...change });
}

const archive =
  (asMistake: boolean): Doing =>
  async (company, records, { what }) => {
    const deal = dealIn(records, what);
    if (!deal) return;
    const { db, admin } = company;
    await done(company, null, archiveOpportunity(db, admin, { id: deal.id, asMistake }));
    deal.archived = true;
    if (asMistake) isWorth(company, deal, null);
  };

export const dealActs = {
  async sell(company, records, step) {
    const deal = await open(company, records, step, true);
    await win(company, deal, null, momentBack(company, step.back));
  },

  async open(company, records, step) {
    await open(company, records, step, step.what % 3 > 0);
  },

  async win(company, records, { who, what, back }) {
    const deal = dealIn(records, what, 'OPEN');
    const given = who % 2 > 0 ? pick(AMOUNTS, who) : null;
    if (deal) await win(company, deal, given, momentBack(company, back));
  },

  async lose(company, records, { what }) {
    const deal = dealIn(records, what, 'OPEN');
    if (!deal) return;
    const input = { id: deal.id, reason: 'price' };
    const lost = await done(company, null, loseOpportunity(company.db, company.admin, input));
    Object.assign(deal, { version: lost?.version, status: 'LOST', since: lost?.at });
  },

  async reopen(company, records, { what }) {
    const deal = dealIn(records, what, 'WON', 'LOST');
    if (!deal) return;
    const reopened = await done(
      company,
      null,
      reopenOpportunity(company.db, company.admin, { id: deal.id }),
    );
    Object.assign(deal, { version: reopened?.version, status: 'OPEN', since: reopened?.at });
    isWorth(company, deal, null);
  },

  async restateAmount(company, records, { who, what }) {
    const deal = dealIn(records, what, 'WON');
    if (deal) await restate(company, deal, { amount: pick(AMOUNTS, who) });
  },

  async restateCredit(company, records, { who, what }) {
    const deal = dealIn(records, what, 'WON');
    if (deal) await restate(company, deal, { member: pick(active(company), who) });
  },

  async restateProduct(company, records, { who, what }) {
    const deal = dealIn(records, what, 'WON');
    if (deal) await restate(company, deal, {}, pick(company.products, who));
  },

  async transfer(company, records, { who, what }) {
    const deal = dealIn(records, what);
    const ownerId = pick(active(company), who);
    if (!deal || ownerAt(deal, undefined) === ownerId) return;
    const given = await done(
      company,
      null,
      transferOpportunity(company.db, company.admin, { id: deal.id, ownerId }),
    );
    if (!given) return;
    deal.version = given.version;
    deal.owners.push({ member: ownerId, from: given.at });
  },

  archive: archive(false),
  archiveAsMistake: archive(true),
} satisfies Record<string, Doing>;
