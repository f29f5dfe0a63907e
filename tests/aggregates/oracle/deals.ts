// Opportunities for the oracle.

import { encodeGlobalId } from '../../../src/api/global-ids.ts';
import { fc } from '../../support/properties.ts';
import type { Company } from './company.ts';
import { Exact } from './figures.ts';
import type { Adapter } from './keys.ts';
import { type Filter, idOf, type Shape } from './question.ts';
import type { Deal } from './rows.ts';

const STATUSES = ['OPEN', 'WON', 'LOST'];

/** Conditions of several kinds, each of which some deals meet. */
function filterOf(company: Company): fc.Arbitrary<Filter> {
  const someStatuses = fc.subarray(STATUSES, { minLength: 1 });
  const ids = (type: string, all: readonly { id: string }[]) =>
    fc.subarray(
      all.map(({ id }) => idOf(type, id)),
      { minLength: 1 },
    );
  const owners = company.viewers.map(({ memberId }) => ({ id: memberId }));
  return fc.oneof(
    someStatuses.map((list): Filter => ({ status: { in: list } })),
    someStatuses.map((list): Filter => ({ status: { notIn: list } })),
    ids('Member', owners).map((list): Filter => ({ owner: { in: list } })),
    ids('Product', company.products).map((list): Filter => ({ product: { notIn: list } })),
    fc.boolean().map((known): Filter => ({ product: { known } })),
    fc.constantFrom('0', '1', '99.5').map((gte): Filter => ({ amount: { gte } })),
    fc.constantFrom('0', '100').map((lte): Filter => ({ wonAmount: { lte } })),
    fc
      .subarray(['G', 'M', "'; drop table member; --"])
      .map((list): Filter => ({ series: { in: list } })),
    fc.boolean().map((archived): Filter => ({ archived })),
    fc.boolean().map((overdue): Filter => ({ overdue })),
    fc
      .date({ min: company.first, max: company.last, noInvalidDate: true })
      .map((from): Filter => ({ openedAt: { from: from.toISOString() } })),
    fc
      .tuple(someStatuses, fc.constantFrom('0', '10'))
      .map(([list, gte]): Filter => ({ status: { in: list }, amount: { gte } })),
  );
}

export const dealShape: Shape = {
  field: 'opportunityAggregate',
  filterType: 'OpportunityFilter',
  times: ['CLOSED_AT', 'OPENED_AT', 'CREATED_AT', 'STAGE_ENTERED_AT', 'EXPECTED_CLOSE_ON'],
  days: ['EXPECTED_CLOSE_ON'],
  keys: [
    ...[
      'STATUS',
      'FUNNEL',
      'STAGE',
      'OWNER',
      'OWNER_TEAM',
      'CREDITED_TO',
      'CREDITED_TEAM',
      'CUSTOMER',
    ],
    ...['CUSTOMER_KIND', 'INDUSTRY', 'REGION', 'SOURCE', 'GRADE', 'LIFECYCLE', 'TAG', 'PRODUCT'],
    ...['SERIES', 'LOSS_REASON'],
  ],
  numbers: ['AMOUNT', 'WON_AMOUNT'],
  decimals: { AMOUNT: 'amount', WON_AMOUNT: 'wonAmount', CYCLE: 'cycleSeconds' },
  distinct: ['CUSTOMER', 'OWNER', 'PRODUCT', 'STAGE'],
  filter: filterOf,
};

const LIFECYCLE = ['POTENTIAL', 'DEVELOPING', 'FIRST_DEAL', 'ACTIVE', 'LOYAL', 'AT_RISK', 'LOST'];

export const ENUMS = {
  STATUS: STATUSES,
  CUSTOMER_KIND: ['COMPANY', 'PERSON'],
  GRADE: ['A', 'B', 'C', 'D'],
  LIFECYCLE,
};

const VALUES: Record<string, (deal: Deal) => string | readonly string[] | null> = {
  STATUS: ({ status }) => status,
  FUNNEL: ({ funnel }) => funnel.id,
  STAGE: ({ stage }) => stage.id,
  OWNER: ({ owner }) => owner.id,
  OWNER_TEAM: ({ owner }) => owner.id,
  CREDITED_TO: ({ creditedTo }) => creditedTo?.id ?? null,
  CREDITED_TEAM: ({ creditedTo }) => creditedTo?.id ?? null,
  CUSTOMER: ({ customer }) => customer?.id ?? null,
  CUSTOMER_KIND: ({ customer }) => customer?.kind ?? null,
  INDUSTRY: ({ customer }) => customer?.industry ?? null,
  REGION: ({ customer }) => customer?.region ?? null,
  SOURCE: ({ customer }) => customer?.source ?? null,
  GRADE: ({ customer }) => customer?.grade ?? null,
  LIFECYCLE: ({ customer }) => customer?.lifecycle ?? null,
  TAG: ({ customer }) => customer?.tags ?? null,
  PRODUCT: ({ product }) => product?.id ?? null,
  SERIES: ({ product }) => product?.series ?? null,
  LOSS_REASON: ({ lossReason }) => lossReason,
};

const TIMES: Record<string, (deal: Deal) => string | null> = {
  CLOSED_AT: ({ closedAt }) => closedAt,
  OPENED_AT: ({ openedAt }) => openedAt,
  CREATED_AT: ({ createdAt }) => createdAt,
  STAGE_ENTERED_AT: ({ stageEnteredAt }) => stageEnteredAt,
  EXPECTED_CLOSE_ON: ({ expectedCloseOn }) => expectedCloseOn,
};

/** A field of a value, by what is asked of it. */
function meets(deal: Deal, name: string, condition: unknown, today: string): boolean {
  if (name === 'archived') return (deal.archivedAt !== null) === condition;
  if (name === 'overdue') {
    const isOverdue = deal.status === 'OPEN' && (deal.expectedCloseOn ?? today) < today;
    return isOverdue === condition;
  }
  const value: Record<string, string | null> = {
    status: deal.status,
    owner: deal.owner.id,
    product: deal.product?.id ?? null,
    series: deal.product?.series ?? null,
    amount: deal.amount,
    wonAmount: deal.wonAmount,
    openedAt: deal.openedAt,
  };
  const own = value[name] ?? null;
  const { in: listed, notIn, known, gte, lte, from } = condition as Record<string, never>;
  if (listed !== undefined && !(listed as string[]).includes(own as never)) return false;
  if (notIn !== undefined && (notIn as string[]).includes(own as never)) return false;
  if (known !== undefined && (own !== null) !== known) return false;
  if (gte !== undefined && !(own !== null && new Exact(own).gte(gte))) return false;
  if (lte !== undefined && !(own !== null && new Exact(own).lte(lte))) return false;
  return from === undefined || (own !== null && Date.parse(own) >= Date.parse(from));
}

export function dealAdapter(company: Company, visible: ReadonlySet<string> | 'ALL'): Adapter<Deal> {
  const names = new Map<string, string | number>([
    ...company.members.map(({ id, name }) => [encodeGlobalId('Member', id), name] as const),
    ...company.teams.map(({ id, name }) => [encodeGlobalId('Team', id), name] as const),
    ...company.products.map(({ id, name }) => [encodeGlobalId('Product', id), name] as const),
    ...company.funnels.map(({ id, name }) => [encodeGlobalId('Funnel', id), name] as const),
    ...company.stages.map(({ id, ordinal }) => [encodeGlobalId('Stage', id), ordinal] as const),
    ...company.customers.map(({ id, name }) => [encodeGlobalId('Customer', id), name] as const),
  ]);
  const sees = (id: string) => visible === 'ALL' || visible.has(id);
  const members = company.members.filter(({ id, active }) => active && sees(id));
  const gaps: Record<string, () => string[]> = {
    OWNER: () => members.map(({ id }) => encodeGlobalId('Member', id)),
    FUNNEL: () => company.funnels.map(({ id }) => encodeGlobalId('Funnel', id)),
    STAGE: () => company.stages.map(({ id }) => encodeGlobalId('Stage', id)),
    PRODUCT: () =>
      company.products
        .filter(({ active }) => active)
        .map(({ id }) => encodeGlobalId('Product', id)),
  };
  return {
    value: (deal, field) => VALUES[field]?.(deal) ?? null,
    time: (deal, field) => TIMES[field]?.(deal) ?? null,
    number: (deal, field) =>
      field === 'CYCLE' ? secondsOf(deal) : field === 'AMOUNT' ? deal.amount : deal.wonAmount,
    distinct: (deal, field) => (VALUES[field]?.(deal) as string | null) ?? null,
    matches: (deal, filter, _now, today) =>
      Object.entries(filter).every(([name, condition]) => meets(deal, name, condition, today)),
    isTeam: (field) => field.endsWith('_TEAM'),
    enums: ENUMS,
    nameOf: (_field, key) => names.get(key) ?? '',
    gaps: (field, rollup) =>
      field.endsWith('_TEAM')
        ? teamsSeen(company, visible, rollup)
        : field in ENUMS
          ? ENUMS[field as keyof typeof ENUMS]
          : (gaps[field]?.() ?? null),
  };
}

/** Present teams of the members in the data scope; of all members every team. */
export function teamsSeen(
  company: Company,
  visible: ReadonlySet<string> | 'ALL',
  rollup: boolean,
): string[] {
  const present = company.memberships.filter(({ until }) => until === null);
  const own =
    visible === 'ALL'
      ? company.teams.map(({ id }) => id)
      : present.filter(({ memberId }) => visible.has(memberId)).map(({ teamId }) => teamId);
  const teams = new Set(own);
  for (const team of rollup ? teams : []) {
    const above = company.parentages.find((stay) => stay.teamId === team && stay.until === null);
    if (above) teams.add(above.parentId);
  }
  return [...teams].map((id) => encodeGlobalId('Team', id));
}

const secondsOf = ({ openedAt, closedAt }: Deal): string | null =>
  closedAt === null
    ? null
    : new Exact(Date.parse(closedAt)).minus(Date.parse(openedAt)).div(1_000).toFixed();
