import { afterAll } from 'vitest';
import type { App } from '../../src/app.ts';
import { createApiToken } from '../../src/domains/organization/tokens.ts';
import { signIn } from '../../src/domains/people/sign-in.ts';
import { createTask } from '../../src/domains/tasks/service.ts';
import { ask } from '../support/client.ts';
import { testDatabase } from '../support/database.ts';
import { startNode, writerOf } from '../support/node.ts';
import { org, PASSWORD } from '../support/seed.ts';
import type { DeliveryAdapter } from './adapter.ts';

const DOCUMENT = `subscription ($since: Cursor) { taskEvents(since: $since) {
  __typename cursor taskId ... on TaskStreamReset { reason } } }`;
const HEAVY_DOCUMENT = DOCUMENT.replace(
  'taskId',
  `taskId task { ${Array.from({ length: 18 }, (_, n) => `d${n}: description`).join(' ')} }`,
);
const MAILBOX = 100;
/** Long enough to subscribe with, also on a machine that is busy with other tests. */
const EXPIRES_MS = 6_000;

interface TaskEvent {
  taskId: string | null;
  cursor: string;
  reason?: string;
}

/**
 * Muster's task events on so many nodes of one database; changes come through all of them in turn, and past them while
 * one is away.
 */
export async function musterAdapter(
  nodes: number,
  environment: Record<string, string>,
): Promise<DeliveryAdapter> {
  const databaseUrl = await testDatabase();
  const settings = { MAILBOX_SIZE: String(MAILBOX), ...environment };
  const apps: (App | null)[] = [];
  for (let n = 0; n < nodes; n += 1) apps.push(await startNode(databaseUrl, settings));
  const writer = writerOf(databaseUrl);
  afterAll(async () => {
    for (const app of apps) await app?.stop();
    await writer.close();
  });
  const urls = apps.map((app) => app?.url ?? '');
  const company = await org(writer);
  const { token } = company;
  const viewer = await company.viewer();
  let made = 0;
  return {
    urls,
    document: DOCUMENT,
    heavyDocument: HEAVY_DOCUMENT,
    token,
    mailbox: MAILBOX,
    async change(isHeavy = false) {
      const description = isHeavy ? '重'.repeat(10_000) : null;
      made += 1;
      const input = { title: `任务 ${made}`, description };
      const { id } = await createTask(apps[made % nodes]?.db ?? writer, viewer, input);
      return Buffer.from(`Task:${id}`).toString('base64url');
    },
    async position() {
      const document = '{ tasks(first: 1) { position } }';
      type Tasks = { tasks: { position: string } };
      const { data, body } = await ask<Tasks>(urls[0] ?? '', document, {}, { token });
      if (!data) throw new Error(body);
      return data.tasks.position;
    },
    read(data) {
      const { taskId, cursor, reason } = (data as { taskEvents: TaskEvent }).taskEvents;
      return { key: taskId, cursor, reset: reason ?? null };
    },
    async passing() {
      const { employeeNumber } = company;
      const who = { organizationKey: company.key, employeeNumber, password: PASSWORD };
      const { secret } = await signIn(writer, who);
      if (secret === null) throw new Error('a new session has a secret');
      const document = 'mutation { signOut(input: {}) { __typename } }';
      const revoke = async () => {
        const { body } = await ask(urls.at(-1) ?? '', document, {}, { token: secret });
        if (!body.includes('SignOutPayload')) throw new Error(body);
      };
      return { token: secret, revoke };
    },
    async expiring() {
      const expiresAt = new Date(Date.now() + EXPIRES_MS);
      const input = {
        name: `Ends at ${expiresAt.toISOString()}`,
        grants: ['READ'],
        expiresAt,
      } as const;
      const { secret } = await createApiToken(writer, viewer, input);
      if (secret === null) throw new Error('a new token has a secret');
      return secret;
    },
    async replace(node, meanwhile) {
      const leaving = apps[node];
      const { port } = new URL(urls[node] ?? '');
      apps[node] = null;
      await leaving?.stop();
      await meanwhile();
      apps[node] = await startNode(databaseUrl, { ...settings, PORT: port });
    },
  };
}
