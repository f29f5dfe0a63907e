import { spawn } from 'node:child_process';
import path from 'node:path';
import { expect, it } from 'vitest';
import { createDatabase } from '../../src/database/database.ts';
import { signIn } from '../../src/domains/people/sign-in.ts';
import { testDatabase } from '../support/database.ts';

const COMMAND = path.resolve('src/commands/organization.ts');

async function run(url: string, ...args: string[]) {
  const child = spawn(process.execPath, [COMMAND, ...args], {
    env: { PATH: process.env.PATH, DATABASE_URL: url },
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk) => {
    stdout += chunk;
  });
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  const code = await new Promise((resolve) => child.on('close', resolve));
  return { code, stdout, stderr };
}

it('makes an organization whose administrator can sign in and has to change the password', async () => {
  const url = await testDatabase();
  const options = ['--name', '凤凰 科技', '--admin-number', '1', '--admin-name', '李雷'];
  const create = (key: string, ...more: string[]) =>
    run(url, 'create', '--key', key, ...options, ...more);

  const made = await create('phoenix', '--time-zone', 'Asia/Tokyo', '--currency', 'JPY');
  expect(made).toMatchObject({ code: 0, stderr: '' });
  const password = /password (\S+)/.exec(made.stdout)?.[1] ?? '';
  const db = createDatabase({ url, size: 2, pipeline: true });
  try {
    const session = await signIn(db, { organizationKey: 'phoenix', employeeNumber: '1', password });
    expect(session.mustChangePassword).toBe(true);
    const organization = await db.prisma.organization.findUniqueOrThrow({
      where: { key: 'phoenix' },
    });
    expect(organization).toMatchObject({
      name: '凤凰 科技',
      timeZone: 'Asia/Tokyo',
      currency: 'JPY',
    });
    expect(
      await db.prisma.metric.count({ where: { organizationId: organization.id } }),
    ).toBeGreaterThan(4);

    // Each refusal is one sentence that says what is wrong.
    expect(await create('phoenix')).toEqual({
      code: 1,
      stdout: '',
      stderr: 'There is an organization with the key phoenix already.\n',
    });
    const zone = await create('other', '--time-zone', 'Asia/Peking');
    expect([zone.code, zone.stderr]).toEqual([
      1,
      expect.stringContaining('"Asia/Peking" is not an IANA time zone'),
    ]);
    expect((await run(url, 'create')).stderr).toContain(
      "required option '--key <key>' not specified",
    );
    expect(await db.prisma.organization.count()).toBe(1);
  } finally {
    await db.close();
  }
}, 60_000);
