import { RESET_REASONS } from '../live/since.ts';
import { builder } from './builder.ts';
import { described } from './described.ts';

export const StreamResetReason = builder.enumType('StreamResetReason', {
  description: 'Why a stream of changes does not follow on what came before.',
  values: described(RESET_REASONS),
});
