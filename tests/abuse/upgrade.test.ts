import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { authenticate, schema } from '../server/fixture.ts';
import { testApp } from '../support/app.ts';
import { neighbourOf } from './neighbour.ts';

const muster = await testApp({ schema, authenticate });
await neighbourOf(muster);

const { hostname, port, host } = new URL(muster.url);
const HEAD = [
  'GET /graphql HTTP/1.1',
  `Host: ${host}`,
  'Connection: Upgrade',
  'Upgrade: websocket',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
  'Sec-WebSocket-Protocol: graphql-transport-ws',
];

/** Status of the answer to these lines; 0: the connection was closed without one. */
async function statusOf(lines: readonly string[]): Promise<number> {
  const tcp = connect(Number(port), hostname);
  tcp.on('error', () => {});
  let text = '';
  tcp.on('data', (bytes) => {
    text += bytes.toString('latin1');
    if (text.includes('\r\n\r\n')) tcp.destroy();
  });
  tcp.write(`${lines.join('\r\n')}\r\n\r\n`);
  await once(tcp, 'close');
  return Number(/^HTTP\/1\.1 (\d+)/.exec(text)?.[1] ?? 0);
}

const without = (name: string) => HEAD.filter((line) => !line.startsWith(name));

test.each<[string, number, string[]]>([
  ['as it should be', 101, HEAD],
  ['with the other method', 405, ['POST /graphql HTTP/1.1', ...HEAD.slice(1)]],
  ['to another path', 404, ['GET /other HTTP/1.1', ...HEAD.slice(1)]],
  ['from another origin', 403, [...HEAD, 'Origin: https://evil.example.com']],
  ['without a key', 400, without('Sec-WebSocket-Key')],
  ['with a bad key', 400, [...without('Sec-WebSocket-Key'), 'Sec-WebSocket-Key: x']],
  ['of another version', 400, [...without('Sec-WebSocket-Version'), 'Sec-WebSocket-Version: 99']],
  [
    'with a protocol that is no word',
    400,
    [...without('Sec-WebSocket-Protocol'), 'Sec-WebSocket-Protocol: a,,b'],
  ],
  [
    'with 3,000 headers',
    431,
    [...HEAD, ...Array.from({ length: 3_000 }, (_, at) => `X-${at}: ${at}`)],
  ],
  ['with a header of 100 KB', 431, [...HEAD, `X-Long: ${'x'.repeat(100_000)}`]],
  [
    'with an address of 100 KB',
    431,
    [`GET /graphql?${'x'.repeat(100_000)} HTTP/1.1`, ...HEAD.slice(1)],
  ],
  [
    'that compresses',
    101,
    [...HEAD, 'Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits'],
  ],
  ['with extensions that are none', 101, [...HEAD, 'Sec-WebSocket-Extensions: x;;=,"']],
])('an upgrade %s is answered with %i', async (_, status, lines) => {
  expect(await statusOf(lines)).toBe(status);
});

test('what comes byte by byte, says half a word or nothing at all is given up', async () => {
  const begun = [HEAD.join('\r\n'), 'GET /graphql HTTP/1.1\r\n', 'GE', ''].map(
    async (beginning) => {
      const tcp = connect(Number(port), hostname);
      tcp.on('error', () => {});
      let text = '';
      tcp.on('data', (bytes) => {
        text += bytes.toString('latin1');
      });
      tcp.write(beginning);
      const noise = setInterval(() => beginning.includes('\n') && tcp.write('x'), 200);
      await once(tcp, 'close');
      clearInterval(noise);
      return text;
    },
  );
  for (const text of await Promise.all(begun)) expect(text).toMatch(/^(HTTP\/1\.1 408 |$)/);
}, 60_000);
