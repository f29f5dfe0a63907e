import '../patient.ts';
import { afterEach, beforeAll } from 'vitest';
import { testApp } from '../../support/app.ts';
import { WIDE } from '../caller.ts';
import { Records } from '../choose.ts';
import { type Rows, rowsOf, versionsOf } from '../rows.ts';
import { createWorld, type World } from '../world.ts';

/** One node with one organization, for all tests of tokens. */
export const muster = await testApp({ environment: WIDE });
export let world: World;
export let records: Records;

const { db } = muster.app;

export const rows = (): Promise<Rows> => rowsOf(db.pool, world.admin.organizationId);

beforeAll(async () => {
  world = await createWorld(db, 'Alphaquartz');
  const versions = await versionsOf(db.pool, world.admin.organizationId);
  records = new Records(world, await rows(), versions);
});
afterEach(() => {
  db.clock.shiftMs = 0;
});
