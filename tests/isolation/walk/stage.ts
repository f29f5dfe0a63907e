import '../patient.ts';
import { beforeAll } from 'vitest';
import { testApp } from '../../support/app.ts';
import { WIDE } from '../caller.ts';
import { type TwoWorlds, twoWorlds } from '../two-worlds.ts';

/** One node with two organizations, for all tests of the walk. */
export const muster = await testApp({ environment: WIDE });
export let worlds: TwoWorlds;

beforeAll(async () => {
  worlds = await twoWorlds(muster);
});
