import { type RawBuilder, type SqlBool, sql } from 'kysely';
import type { MemberViewer } from '../../database/viewer.ts';
import type { CustomerFilter, Moments, OptionalValues, Values } from './list.ts';
import { escapeLike, hashGrams, type SearchTerm } from './search-text.ts';

// Conditions on rows of `customer`, as SQL: for lists, counts and aggregates.

export type Condition = RawBuilder<SqlBool>;

/** The organization's customers that the viewer's data scope covers: the row scope of Customer, see scope.ts. */
export function visibleCustomers(viewer: MemberViewer): Condition[] {
  const mine = sql<SqlBool>`customer.organization_id = ${viewer.organizationId}`;
  if (viewer.visibleMembers === 'ALL') return [mine];
  return [mine, sql`customer.owner_id = any(${[...viewer.visibleMembers]}::uuid[])`];
}

/** What was found has every gram (which the index knows) and the very text (which the row knows). */
export function searchConditions(
  organizationId: string,
  terms: readonly SearchTerm[],
): Condition[] {
  if (terms.length === 0) return [];
  const grams = [...new Set(terms.flatMap((term) => term.grams))];
  const contains = (text: string) =>
    sql<SqlBool>`customer.search_text like ${`%${escapeLike(text)}%`}`;
  return [
    sql`customer.search_grams @> ${hashGrams(organizationId, grams)}::integer[]`,
    ...terms.map(({ texts }) => anyOf(texts.map(contains))),
  ];
}

export function filterConditions(viewer: MemberViewer, filter: CustomerFilter): Condition[] {
  const { organizationId } = viewer;
  const { tags, ownerTeam, notContactedSince } = filter;
  return [
    filter.archived === true
      ? sql<SqlBool>`customer.archived_at is not null`
      : sql<SqlBool>`customer.archived_at is null`,
    ...values('kind', '"CustomerKind"', filter.kind),
    ...values('industry', 'text', filter.industry),
    ...values('region', 'text', filter.region),
    ...values('source', 'text', filter.source),
    ...values('grade', '"Grade"', filter.grade),
    ...values('lifecycle', '"LifecycleStage"', filter.lifecycle),
    ...values('owner_id', 'uuid', filter.owner),
    ...(filter.parent ? parents(viewer, filter.parent) : []),
    ...values('external_id', 'text', filter.externalId),
    ...(tags?.hasSome ? [sql<SqlBool>`customer.tags && ${tags.hasSome}::text[]`] : []),
    ...(tags?.hasEvery ? [sql<SqlBool>`customer.tags @> ${tags.hasEvery}::text[]`] : []),
    ...(tags?.hasNone ? [sql<SqlBool>`not customer.tags && ${tags.hasNone}::text[]`] : []),
    ...moments('created_at', filter.createdAt),
    ...moments('last_activity_at', filter.lastActivityAt),
    ...(notContactedSince
      ? [
          sql<SqlBool>`(customer.last_activity_at < ${notContactedSince} or customer.last_activity_at is null)`,
        ]
      : []),
    ...(ownerTeam ? [inTeams(organizationId, ownerTeam.in, ownerTeam.withSubteams ?? false)] : []),
  ];
}

function values<T>(
  column: string,
  type: string,
  condition: OptionalValues<T> | Values<T> | null | undefined,
): Condition[] {
  if (!condition) return [];
  const ref = sql.ref(`customer.${column}`);
  const listed = (list: readonly T[]) => sql`any(${list}::${sql.raw(type)}[])`;
  const known = 'known' in condition ? condition.known : null;
  return [
    ...(condition.in ? [sql<SqlBool>`${ref} = ${listed(condition.in)}`] : []),
    ...(condition.notIn
      ? [sql<SqlBool>`(${ref} is null or not ${ref} = ${listed(condition.notIn)})`]
      : []),
    ...(known === true ? [sql<SqlBool>`${ref} is not null`] : []),
    ...(known === false ? [sql<SqlBool>`${ref} is null`] : []),
  ];
}

/** A parent that the viewer may not see is none: that it is there cannot be probed. */
function parents(
  viewer: MemberViewer,
  { in: ids, known }: NonNullable<CustomerFilter['parent']>,
): Condition[] {
  if (viewer.visibleMembers === 'ALL') return values('parent_id', 'uuid', { in: ids, known });
  const seen = (...more: Condition[]) =>
    sql<SqlBool>`customer.parent_id in (select customer.id from customer where ${allOf([
      ...visibleCustomers(viewer),
      ...more,
    ])})`;
  return [
    ...(ids ? [seen(sql`customer.id = any(${ids}::uuid[])`)] : []),
    ...(known === true ? [seen()] : []),
    ...(known === false ? [sql<SqlBool>`(customer.parent_id is null or not ${seen()})`] : []),
  ];
}

function moments(column: string, condition: Moments | null | undefined): Condition[] {
  if (!condition) return [];
  const ref = sql.ref(`customer.${column}`);
  return [
    ...(condition.from ? [sql<SqlBool>`${ref} >= ${condition.from}`] : []),
    ...(condition.until ? [sql<SqlBool>`${ref} < ${condition.until}`] : []),
  ];
}

/** Memberships and parentages never begin in the future: `until` null is now. */
function inTeams(
  organizationId: string,
  teams: readonly string[],
  withSubteams: boolean,
): Condition {
  return sql`customer.owner_id in (
    with recursive tree as (
      select unnest(${teams}::uuid[]) as team_id
      union
      select p.team_id from team_parentage p join tree t on p.parent_id = t.team_id
      where p.organization_id = ${organizationId} and p.until is null and ${withSubteams}::boolean
    )
    select m.member_id from membership m
    where m.organization_id = ${organizationId} and m.until is null
      and m.team_id in (select team_id from tree))`;
}

export const allOf = (conditions: readonly Condition[]): Condition =>
  conditions.length === 0 ? sql`true` : sql`${sql.join(conditions, sql` and `)}`;

export const anyOf = (conditions: readonly Condition[]): Condition =>
  sql`(${sql.join(conditions, sql` or `)})`;
