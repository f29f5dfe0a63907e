// Two organizations with the same data on one node, and who asks.
import type { TestApp } from '../support/app.ts';
import { type Caller, callerFor } from './caller.ts';
import { Records } from './choose.ts';
import { type Rows, rowsOf, versionsOf } from './rows.ts';
import { Secrets } from './secrets.ts';
import { createWorld, type World } from './world.ts';

export interface TwoWorlds {
  first: World;
  second: World;
  /** Of the first organization: whose data it is. */
  owner: Caller;
  /** The administrator of the second. */
  stranger: Caller;
  /** What is in the rows of the first and not of the second. */
  secrets: Secrets;
  rows(world: World): Promise<Rows>;
}

export async function twoWorlds(app: TestApp): Promise<TwoWorlds> {
  const { db } = app.app;
  const first = await createWorld(db, 'Alphaquartz');
  const second = await createWorld(db, 'Betagranite');
  const rows = (world: World) => rowsOf(db.pool, world.admin.organizationId);
  const [firstRows, secondRows] = [await rows(first), await rows(second)];
  const versions = (world: World) => versionsOf(db.pool, world.admin.organizationId);
  return {
    first,
    second,
    owner: callerFor(app, new Records(first, firstRows, await versions(first)), first.admin.token),
    stranger: callerFor(
      app,
      new Records(second, secondRows, await versions(second)),
      second.admin.token,
    ),
    secrets: new Secrets(first.marks.word, firstRows, secondRows),
    rows,
  };
}
