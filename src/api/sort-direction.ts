import { builder } from './builder.ts';

/** The one enum of directions, for every domain's `…Order` input. */
export const SortDirection = builder.enumType('SortDirection', {
  description: 'Which end of an order comes first. Missing values come last either way.',
  values: {
    ASC: { description: 'Smallest, earliest, or first in the alphabet first.' },
    DESC: { description: 'Largest, latest, or last in the alphabet first.' },
  } as const,
});
