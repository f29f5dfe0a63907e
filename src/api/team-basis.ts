import { builder } from './builder.ts';
import { described } from './described.ts';

export const TeamBasis = builder.enumType('TeamBasis', {
  description: 'Which team something belongs to.',
  values: described({
    AS_IT_WAS: 'The team of that time, whoever has moved since.',
    AS_IT_IS: 'The team that the member belongs to now: all follows its member.',
  }),
});
