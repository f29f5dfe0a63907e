import { kysely } from '../../database/statements.ts';
import type { MemberViewer } from '../../database/viewer.ts';
import { allOf, filterConditions, searchConditions } from './condition-store.ts';
import type { CustomerFilter } from './list.ts';
import type { SearchTerm } from './search-text.ts';

/** The list's own conditions, compiled for an aggregate to take in. */
export const compiledFilter = (viewer: MemberViewer, filter: CustomerFilter) =>
  allOf(filterConditions(viewer, filter)).compile(kysely);

export const compiledSearch = (organizationId: string, terms: readonly SearchTerm[]) =>
  allOf(searchConditions(organizationId, terms)).compile(kysely);
