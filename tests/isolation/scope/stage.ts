import '../patient.ts';
import { beforeAll } from 'vitest';
import { testApp } from '../../support/app.ts';
import { type Caller, callerFor, WIDE } from '../caller.ts';
import { Records } from '../choose.ts';
import { entangle } from '../entangled.ts';
import { Oracle } from '../oracle.ts';
import { type Rows, rowsOf, versionsOf } from '../rows.ts';
import { createWorld, type World } from '../world.ts';
import type { PersonName } from '../world-company.ts';

/** One node with one organization in which everybody's records hang on those of others. */
export const muster = await testApp({ environment: WIDE });
export let world: World;
export let rows: Rows;
export let records: Records;

const { db } = muster.app;

beforeAll(async () => {
  world = await createWorld(db, 'Alphaquartz');
  await entangle(db, world);
  rows = await rowsOf(db.pool, world.admin.organizationId);
  records = new Records(world, rows, await versionsOf(db.pool, world.admin.organizationId));
});

/** Whoever asks knows the ids of all records. */
export const callerOf = (name: PersonName | 'admin'): Caller =>
  callerFor(muster, records, name === 'admin' ? world.admin.token : world.people[name].token);

export const oracleOf = (name: PersonName): Oracle => new Oracle(world, rows, name);
