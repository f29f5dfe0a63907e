import type { Prisma } from '../../generated/prisma/client.ts';
import type { CustomerFilter, Moments, OptionalValues, Values } from './list.ts';

type Where = Prisma.CustomerWhereInput;

/**
 * A filter as Prisma's `where`, which means what `filterConditions` of condition-store.ts means in SQL; tests compare
 * them. Null when it asks for the teams of owners, whose tree only SQL can walk.
 */
export function prismaWhere(filter: CustomerFilter): Where | null {
  const { archived, tags, parent, notContactedSince, ownerTeam } = filter;
  if (ownerTeam) return null;
  const and: Where[] = [
    { archivedAt: archived === true ? { not: null } : null },
    ...values('kind', filter.kind),
    ...values('industry', filter.industry),
    ...values('region', filter.region),
    ...values('source', filter.source),
    ...values('grade', filter.grade),
    ...values('lifecycle', filter.lifecycle),
    ...values('ownerId', filter.owner),
    ...values('externalId', filter.externalId),
    ...moments('createdAt', filter.createdAt),
    ...moments('lastActivityAt', filter.lastActivityAt),
  ];
  // The reader knows of no parent that the viewer may not see.
  if (parent?.in) and.push({ parent: { is: { id: { in: [...parent.in] } } } });
  if (parent?.known === true) and.push({ parent: { isNot: null } });
  if (parent?.known === false) and.push({ parent: { is: null } });
  if (tags?.hasSome) and.push({ tags: { hasSome: [...tags.hasSome] } });
  if (tags?.hasEvery) and.push({ tags: { hasEvery: [...tags.hasEvery] } });
  if (tags?.hasNone) and.push({ NOT: { tags: { hasSome: [...tags.hasNone] } } });
  if (notContactedSince) {
    and.push({ OR: [{ lastActivityAt: { lt: notContactedSince } }, { lastActivityAt: null }] });
  }
  return { AND: and };
}

/** What every customer has; of the rest, what is unknown is none of the values. */
const REQUIRED: ReadonlySet<string> = new Set(['kind', 'lifecycle', 'ownerId']);

function values<T>(
  field: keyof Where,
  condition: OptionalValues<T> | Values<T> | null | undefined,
): Where[] {
  if (!condition) return [];
  const and: Where[] = [];
  if (condition.in) and.push({ [field]: { in: [...condition.in] } });
  if (condition.notIn) {
    const others: Where = { [field]: { notIn: [...condition.notIn] } };
    and.push(REQUIRED.has(field) ? others : { OR: [others, { [field]: null }] });
  }
  const known = 'known' in condition ? condition.known : null;
  if (typeof known === 'boolean') and.push({ [field]: known ? { not: null } : null });
  return and;
}

function moments(
  field: 'createdAt' | 'lastActivityAt',
  condition: Moments | null | undefined,
): Where[] {
  const { from, until } = condition ?? {};
  return [
    ...(from ? [{ [field]: { gte: from } }] : []),
    ...(until ? [{ [field]: { lt: until } }] : []),
  ];
}
