import { describe, expect, test } from 'vitest';
import { readSettings, SettingsError } from '../src/settings.ts';

describe('readSettings', () => {
  test('without any variable: the embedded database with demonstration data on 127.0.0.1:4000', () => {
    const settings = readSettings({});
    expect(settings.http).toMatchObject({ port: 4000, portIsSet: false, host: '127.0.0.1' });
    expect(settings.database).toMatchObject({ url: null, directory: '.data', migrate: true });
    expect(settings.demo).toBe(true);
    expect(settings.http).toMatchObject({ graphiql: true, introspection: true });
    expect(settings.live).toMatchObject({ pollMilliseconds: 500, mailboxSize: 1000 });
    expect(settings.limits).toMatchObject({ queryTokens: 1000, queryDepth: 12, queryAliases: 30 });
  });

  test('another database gets neither demonstration data nor migrations unless they are asked for', () => {
    const url = 'postgresql://muster:secret@db.example.com/muster';
    expect(readSettings({ DATABASE_URL: url })).toMatchObject({
      demo: false,
      database: { url, migrate: false },
    });
    expect(readSettings({ DATABASE_URL: url, DEMO: '1', MIGRATE: '1' })).toMatchObject({
      demo: true,
      database: { url, migrate: true },
    });
    expect(readSettings({ DEMO: '0' }).demo).toBe(false);
  });

  test('production shows neither GraphiQL nor the schema unless asked to', () => {
    const production = { NODE_ENV: 'production' };
    expect(readSettings(production).http).toMatchObject({ graphiql: false, introspection: false });
    expect(readSettings({ ...production, INTROSPECTION: '1' }).http).toMatchObject({
      graphiql: false,
      introspection: true,
    });
  });

  test('a node takes its time to stop, except with the embedded database', () => {
    const url = 'postgresql://muster:secret@db.example.com/muster';
    expect(readSettings({}).http).toMatchObject({ drainReadyMs: 0, drainWindowMs: 0 });
    expect(readSettings({ DATABASE_URL: url }).http).toMatchObject({
      ...{ drainReadyMs: 5_000, drainWindowMs: 5_000 },
    });
  });

  test('an empty variable counts as not set', () => {
    expect(readSettings({ PORT: '', DATABASE_URL: ' ' })).toEqual(readSettings({}));
  });

  test('remembers that a port was asked for, even the customary one', () => {
    expect(readSettings({ PORT: '4000' }).http).toMatchObject({ port: 4000, portIsSet: true });
    expect(readSettings({ PORT: '0' }).http).toMatchObject({ port: 0, portIsSet: true });
  });

  test('reads a list of origins', () => {
    const given = 'https://wall.example.com, http://localhost:5173';
    expect(readSettings({ ALLOWED_ORIGINS: given }).http.allowedOrigins).toEqual([
      'https://wall.example.com',
      'http://localhost:5173',
    ]);
  });

  test('cannot be changed afterwards', () => {
    const settings = readSettings({});
    expect(() => Object.assign(settings.http, { port: 1 })).toThrow(TypeError);
    expect(() => Object.assign(settings, { demo: false })).toThrow(TypeError);
  });

  test.each([
    ['PORT', 'abc', 'a whole number from 0 to 65535'],
    ['PORT', '65536', 'a whole number from 0 to 65535'],
    ['PORT', '-1', 'a whole number from 0 to 65535'],
    ['PORT', '4e3', 'a whole number from 0 to 65535'],
    ['HOST', 'my host', 'an address or a host name'],
    ['DEMO', 'yes', '1 or 0'],
    ['LOG_LEVEL', 'loud', 'one of fatal, error, warn, info, debug, trace, silent'],
    ['MAX_BODY_BYTES', '2000000', 'a whole number from 1024 to 1048576'],
    ['POLL_MILLISECONDS', '0', 'a whole number from 10 to 60000'],
    ['DRAIN_READY_MS', '5s', 'a whole number from 0 to 300000'],
    ['DRAIN_WINDOW_MS', '-1', 'a whole number from 0 to 600000'],
    ['KEEP_ALIVE_MS', '0', 'a whole number from 100 to 300000'],
    ['SLOW_SOCKET_MS', '1', 'a whole number from 100 to 600000'],
    ['MAX_MESSAGES_PER_SECOND', '0', 'a whole number from 1 to 1000000'],
    ['ALLOWED_ORIGINS', 'wall.example.com', 'origins separated by commas'],
    ['ALLOWED_ORIGINS', 'https://wall.example.com/', 'origins separated by commas'],
    ['ALLOWED_ORIGINS', '*', 'origins separated by commas'],
  ])('refuses %s=%s in one sentence', (name, value, allowed) => {
    const sentence = messageOf({ [name]: value });
    expect(sentence).toContain(`${name} is "${value}": it must be ${allowed}`);
    expect(sentence).toMatch(/^[^\n]+\.$/);
  });

  test.each([
    'mysql://root:hunter2@localhost/muster',
    'postgresql://root:hunter2@localhost',
    'root:hunter2@localhost/muster',
    'hunter2',
  ])('refuses DATABASE_URL=%s without showing it', (value) => {
    const sentence = messageOf({ DATABASE_URL: value });
    expect(sentence).toMatch(/^DATABASE_URL is not the address of a PostgreSQL database/);
    expect(sentence).not.toContain('hunter2');
  });
});

function messageOf(environment: Record<string, string>): string {
  try {
    readSettings(environment);
  } catch (error) {
    if (error instanceof SettingsError) return error.message;
    throw error;
  }
  throw new Error('No setting was refused.');
}
