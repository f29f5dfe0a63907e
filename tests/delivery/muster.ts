import { afterAll } from 'vitest';
import type { App } from '../../src/app.ts';
import { signIn } from '../../src/domains/people/sign-in.ts';
import { createTask } from '../../src/domains/tasks/service.ts';
import { ask } from '../support/client.ts';
import { testDatabase } from '../support/database.ts';
import { startNode } from '../support/node.ts';
import { org, PASSWORD } from '../support/seed.ts';
import type { DeliveryAdapter } from './adapter.ts';

const DOCUMENT = `subscription ($since: Cursor) { taskEvents(since: $since) {
  __typename cursor taskId ... on TaskStreamReset { reason } } }`;
const HEAVY_DOCUMENT = DOCUMENT.replace(
  'taskId',
  `taskId task { ${Array.from({ length: 18 }, (_, n) => `d${n}: description`).join(' ')} }`,
);
const MAILBOX = 100;

interface TaskEvent {
  taskId: string | null;
  cursor: string;
  reason?: string;
}

/** Muster's task events on so many nodes of one database; changes come through all of them in turn. */
export async function musterAdapter(nodes: number, wakeup: string): Promise<DeliveryAdapter> {
  const databaseUrl = await testDatabase();
  const apps: App[] = [];
  for (let n = 0; n < nodes; n += 1) {
    const environment = { WAKEUP: wakeup, MAILBOX_SIZE: String(MAILBOX) };
    apps.push(await startNode(databaseUrl, environment));
  }
  afterAll(async () => {
    for (const app of apps) await app.stop();
  });
  const nodeAt = (n: number): App => apps[n % apps.length] as App;
  const { db } = nodeAt(0);
  const company = await org(db);
  const rep = await company.rep();
  const viewer = await rep.viewer();
  let made = 0;
  return {
    urls: apps.map(({ url }) => url),
    document: DOCUMENT,
    heavyDocument: HEAVY_DOCUMENT,
    token: rep.token,
    mailbox: MAILBOX,
    async change(isHeavy = false) {
      const description = isHeavy ? '重'.repeat(10_000) : null;
      made += 1;
      const { id } = await createTask(nodeAt(made).db, viewer, {
        title: `任务 ${made}`,
        description,
      });
      return Buffer.from(`Task:${id}`).toString('base64url');
    },
    async position() {
      const { data, body } = await ask<{ tasks: { position: string } }>(
        nodeAt(0).url,
        '{ tasks(first: 1) { position } }',
        {},
        rep,
      );
      if (!data) throw new Error(body);
      return data.tasks.position;
    },
    read(data) {
      const { taskId, cursor, reason } = (data as { taskEvents: TaskEvent }).taskEvents;
      return { key: taskId, cursor, reset: reason ?? null };
    },
    async passing() {
      const { employeeNumber } = rep;
      const who = { organizationKey: company.key, employeeNumber, password: PASSWORD };
      const { secret } = await signIn(db, who);
      if (secret === null) throw new Error('a new session has a secret');
      const document = 'mutation { signOut(input: {}) { __typename } }';
      const revoke = async () => {
        const { body } = await ask(nodeAt(1).url, document, {}, { token: secret });
        if (!body.includes('SignOutPayload')) throw new Error(body);
      };
      return { token: secret, revoke };
    },
  };
}
