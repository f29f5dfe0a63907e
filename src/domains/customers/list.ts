import { InvalidInput } from '../../database/errors.ts';
import { foldTag } from './clean.ts';
import type { CustomerKind, Grade, LifecycleStage } from './model.ts';

/** Most values of one condition. */
const VALUES_LIMIT = 100;

export interface Values<T> {
  in?: readonly T[] | null | undefined;
  /** Customers without a value are none of these. */
  notIn?: readonly T[] | null | undefined;
}

/** For what may be unknown. */
export interface OptionalValues<T> extends Values<T> {
  known?: boolean | null | undefined;
}

export interface Moments {
  from?: Date | null | undefined;
  /** The first moment that is out again. */
  until?: Date | null | undefined;
}

/** Which customers: those that meet everything given. */
export interface CustomerFilter {
  kind?: Values<CustomerKind> | null | undefined;
  industry?: OptionalValues<string> | null | undefined;
  region?: OptionalValues<string> | null | undefined;
  source?: OptionalValues<string> | null | undefined;
  grade?: OptionalValues<Grade> | null | undefined;
  lifecycle?: Values<LifecycleStage> | null | undefined;
  /** Ids. */
  owner?: Values<string> | null | undefined;
  /** The present team of the owner. */
  ownerTeam?:
    | { in: readonly string[]; withSubteams?: boolean | null | undefined }
    | null
    | undefined;
  /** Ids of customers that the viewer may see; to him there are no others. */
  parent?: Pick<OptionalValues<string>, 'in' | 'known'> | null | undefined;
  externalId?: OptionalValues<string> | null | undefined;
  tags?:
    | {
        hasSome?: readonly string[] | null | undefined;
        hasEvery?: readonly string[] | null | undefined;
        hasNone?: readonly string[] | null | undefined;
      }
    | null
    | undefined;
  createdAt?: Moments | null | undefined;
  lastActivityAt?: Moments | null | undefined;
  /** Nobody has dealt with them since: the last activity is earlier, or there is none. */
  notContactedSince?: Date | null | undefined;
  /** Default: false. True: only archived ones. */
  archived?: boolean | null | undefined;
}

export type CustomerOrderField = 'name' | 'createdAt' | 'lastActivityAt' | 'grade';

/** One step of an order; nulls come last. */
export interface OrderStep {
  field: CustomerOrderField | 'id';
  direction: 'ASC' | 'DESC';
}

/** Part of a list. */
export interface Slice {
  /** Ends in the id. */
  order: readonly OrderStep[];
  /** Most rows. */
  size: number;
  /** Taken from the end, and given in reverse. */
  backward: boolean;
  /** Values of the order's fields, of rows that the slice lies strictly between. */
  after: readonly unknown[] | null;
  before: readonly unknown[] | null;
}

/** Throws InvalidInput for a condition with too many values. */
export function checkFilter(filter: CustomerFilter): CustomerFilter {
  for (const [field, condition] of Object.entries(filter)) {
    if (condition === null || typeof condition !== 'object' || condition instanceof Date) continue;
    for (const [operator, values] of Object.entries(condition)) {
      if (Array.isArray(values) && values.length > VALUES_LIMIT) {
        throw new InvalidInput(`${field}.${operator} has at most ${VALUES_LIMIT} values.`, {
          path: ['filter', field, operator],
        });
      }
    }
  }
  const { tags } = filter;
  if (!tags) return filter;
  const fold = (values: readonly string[] | null | undefined) => values?.map(foldTag);
  return {
    ...filter,
    tags: {
      hasSome: fold(tags.hasSome),
      hasEvery: fold(tags.hasEvery),
      hasNone: fold(tags.hasNone),
    },
  };
}
