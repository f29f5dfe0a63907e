// While the first organization is at work, nothing of it arrives on any stream of the second, whatever is asked for.
import { describe, expect, test } from 'vitest';
import { encodeGlobalId } from '../../../src/api/global-ids.ts';
import { newId } from '../../../src/database/ids.ts';
import { createOpportunity } from '../../../src/domains/funnels/service.ts';
import { winOpportunity } from '../../../src/domains/funnels/transitions.ts';
import { createTask } from '../../../src/domains/tasks/service.ts';
import { completeTask } from '../../../src/domains/tasks/transitions.ts';
import { decodeLogCursor, encodeLogCursor } from '../../../src/events/log-cursor.ts';
import { schema } from '../../../src/schema.ts';
import type { Transport } from '../../support/client.ts';
import type { Caller } from '../caller.ts';
import type { Operation } from '../documents.ts';
import { Following } from '../following.ts';
import { NOWHERE, nameOf } from '../places.ts';
import { Secrets } from '../secrets.ts';
import { type Spot, spotsOf, tries } from '../trying.ts';
import type { World } from '../world.ts';
import { muster, worlds } from './stage.ts';

const TRANSPORTS: readonly Transport[] = ['websocket', 'sse'];

const follow = (world: World, { document, variables }: Operation, over: Transport) =>
  new Following(muster.subscribe(document, variables, { token: world.admin.token, over }));

/** What every subscription tells of. */
async function act({ people, main, marks }: World): Promise<void> {
  const { db } = muster.app;
  const viewer = await people.rep.viewer();
  const { text, amount } = marks;
  const links = { customerId: main.Customer, opportunityId: main.Opportunity };
  const task = await createTask(db, viewer, { title: text('new task'), ...links });
  await completeTask(db, viewer, { id: task.id });
  const deal = await createOpportunity(db, viewer, {
    ...{ name: text('new deal'), funnelId: main.Funnel ?? '', amount: amount() },
  });
  await winOpportunity(db, viewer, { id: deal.id });
}

/** Something of the world's own has arrived on each of its streams, and so all that was before it. */
async function arrived(world: World, streams: readonly Following[]): Promise<void> {
  const before = streams.map((stream) => stream.results.length);
  for (let tries = 0; tries < 40; tries += 1) {
    await act(world);
    await Promise.all(streams.map((stream, index) => stream.moreThan(before[index] ?? 0, 500)));
    if (streams.every((stream, index) => stream.results.length > (before[index] ?? 0))) return;
  }
  throw new Error('some streams tell nothing of their own organization');
}

const subscriptions = () => Object.values(schema.getSubscriptionType()?.getFields() ?? {});

function openAll(world: World, caller: Caller): Following[] {
  return subscriptions().flatMap((field) =>
    TRANSPORTS.map((over) => {
      const spot = { parent: 'Subscription', field, place: NOWHERE };
      const [operation] = tries(schema, caller, spot, null);
      if (!operation) throw new Error(`${field.name} cannot be called`);
      return follow(world, operation, over);
    }),
  );
}

async function freshSecrets(): Promise<Secrets> {
  const { first, second, rows } = worlds;
  return new Secrets(first.marks.word, await rows(first), await rows(second));
}

describe('the streams of the second organization', () => {
  test('tell nothing of the first, which its own tell everything of', async () => {
    const { first, second, owner, stranger } = worlds;
    const theirs = openAll(first, owner);
    const own = openAll(second, stranger);
    await arrived(first, theirs);
    await arrived(second, own);
    await arrived(first, theirs);
    await arrived(second, own);
    const secrets = await freshSecrets();
    for (const stream of theirs) {
      expect(secrets.revealedBy(stream.results).length).toBeGreaterThan(0);
    }
    // Both write at once: that something happened at the same millisecond in both tells nothing.
    const revealed = own.flatMap(({ results }) => secrets.revealedBy(results));
    expect(revealed.filter((secret) => !/^\d{4}-\d\d-\d\dT/.test(secret))).toEqual([]);
    for (const stream of [...theirs, ...own]) await stream.close();
  });

  test('end, or say nothing of the first, when they ask for its records and places', async () => {
    const { first, second, owner, stranger } = worlds;
    const theirs = openAll(first, owner);
    const own = openAll(second, stranger);
    await arrived(first, theirs);
    const cursor = cursorIn(theirs.map(({ results }) => results));
    const asked = spotsOf(schema, 'Subscription', ['id', 'logCursor', 'text']).flatMap((spot) =>
      valuesFor(spot, cursor).map(([value, other]) => {
        const [foreign, ghost] = [value, other].map((one) => {
          const [operation] = tries(schema, stranger, spot, one);
          if (!operation) throw new Error(`${nameOf(spot.place)} cannot be called`);
          return { operation, stream: follow(second, operation, 'websocket') };
        });
        if (!foreign || !ghost) throw new Error('there are two');
        return { spot, foreign, ghost };
      }),
    );
    await arrived(second, own);
    await arrived(first, theirs);
    await arrived(second, own);
    const secrets = await freshSecrets();
    const wrong: string[] = [];
    for (const { spot, foreign, ghost } of asked) {
      const name = nameOf(spot.place);
      const revealed = secrets.revealedBy(foreign.stream.results, foreign.operation.variables);
      if (revealed.length > 0) wrong.push(`${name} reveals ${revealed.join(', ')}`);
      const codes = [foreign, ghost].map(({ stream }) => stream.codes().join());
      if (codes[0] !== codes[1]) wrong.push(`${name}: ${codes[0]} is not ${codes[1]}`);
      if (spot.place.kind === 'logCursor' && codes[0] !== 'BAD_LOG_CURSOR') {
        wrong.push(`${name} takes a cursor of the first: ${codes[0]}`);
      }
      if (spot.place.path.join() === 'id' && codes[0] !== 'NOT_FOUND') {
        wrong.push(`${name} takes a record of the first: ${codes[0]}`);
      }
      await Promise.all([foreign.stream.close(), ghost.stream.close()]);
    }
    expect(wrong).toEqual([]);
    for (const stream of [...theirs, ...own]) await stream.close();

    function valuesFor({ place }: Spot, logCursor: string): [string, string][] {
      if (place.kind === 'logCursor') return [[logCursor, cursorOfNobody(logCursor)]];
      if (place.kind === 'text') return [[first.marks.word, 'nowhere']];
      return place.types.map((type) => [
        owner.records.globalId(type),
        encodeGlobalId(type, newId()),
      ]);
    }
  });
});

/** One like it, of an organization that does not exist. */
function cursorOfNobody(text: string): string {
  const cursor = decodeLogCursor(text);
  if (!cursor) throw new Error(`${text} is no log cursor`);
  return encodeLogCursor({ ...cursor, organizationId: newId() });
}

function cursorIn(value: unknown): string {
  const found = /"(?:\w+__)?cursor":"([^"]{40,})"/.exec(JSON.stringify(value));
  if (!found?.[1]) throw new Error('no stream gave a cursor');
  return found[1];
}
