import { InvalidInput } from '../database/errors.ts';
import { decodePageCursor, type SortOrder, type SortValue } from './page-cursor.ts';

export const PAGE_LIMIT = 100;
export const DEFAULT_PAGE = 20;

export interface PageArgs {
  first?: number | null | undefined;
  after?: string | null | undefined;
  last?: number | null | undefined;
  before?: string | null | undefined;
}

/** What part of a list was asked for. */
export interface Page {
  size: number;
  /** Counted from the end: by `last`. */
  backward: boolean;
  after: SortValue[] | null;
  before: SortValue[] | null;
}

function sizeOf(argument: 'first' | 'last', value: number): number {
  if (value < 0 || value > PAGE_LIMIT) {
    throw new InvalidInput(`\`${argument}\` is 0 to ${PAGE_LIMIT}; ${value} came.`, {
      path: [argument],
    });
  }
  return value;
}

/** Throws InvalidInput for a size out of range or `first` with `last`, BadCursor for a foreign cursor. */
export function readPage({ first, after, last, before }: PageArgs, order: SortOrder): Page {
  const forward = typeof first === 'number' ? sizeOf('first', first) : null;
  const backward = typeof last === 'number' ? sizeOf('last', last) : null;
  if (forward !== null && backward !== null) {
    throw new InvalidInput('Give `first` or `last`, not both.', { path: ['last'] });
  }
  return {
    size: forward ?? backward ?? DEFAULT_PAGE,
    backward: backward !== null,
    after: after ? decodePageCursor(order, after, 'after') : null,
    before: before ? decodePageCursor(order, before, 'before') : null,
  };
}
