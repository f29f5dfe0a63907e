import { execFile } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import { afterAll, expect, test } from 'vitest';
import { makeBoard } from '../domains/leaderboards/support.ts';
import { testApp } from '../support/app.ts';
import { org } from '../support/seed.ts';

interface Attribute {
  key: string;
  value: {
    stringValue?: string;
    intValue?: number;
    arrayValue?: { values: { stringValue: string }[] };
  };
}
interface Span {
  name: string;
  traceId: string;
  parentSpanId?: string;
  status: { code?: number };
  attributes: Attribute[];
}
interface Sent {
  resourceSpans: { resource: { attributes: Attribute[] }; scopeSpans: { spans: Span[] }[] }[];
}

const bodies: string[] = [];
const paths = new Set<string | undefined>();
const collector = createServer((request, response) => {
  paths.add(request.url);
  let body = '';
  request.on('data', (chunk) => {
    body += chunk;
  });
  request.on('end', () => {
    bodies.push(body);
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
  });
});
await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve));
afterAll(() => collector.close());
const endpoint = `http://127.0.0.1:${(collector.address() as AddressInfo).port}`;

const sent = (): Sent[] => bodies.map((body) => JSON.parse(body) as Sent);
const spans = (): Span[] =>
  sent().flatMap(({ resourceSpans }) =>
    resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans)),
  );
const facts = ({ attributes }: Span): Record<string, unknown> =>
  Object.fromEntries(
    attributes.map(({ key, value }) => [
      key,
      value.arrayValue?.values.map(({ stringValue }) => stringValue) ??
        value.stringValue ??
        value.intValue,
    ]),
  );

test('operations and group executions are spans with ids and codes, and with nothing of anybody', async () => {
  const muster = await testApp({
    environment: { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_SERVICE_NAME: 'muster-test' },
  });
  const acme = await org(muster.app.db, { name: 'Secret Company' });
  const { organizationId, token } = acme;
  const board = await makeBoard(muster, acme);

  const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
  await muster.expectData(
    'query Whoami($id: ID!) { viewer { organization { name } } leaderboard(id: $id) { name } }',
    { id: board },
    { token, headers: { traceparent: `00-${traceId}-00f067aa0ba902b7-01` } },
  );
  await muster.query('query Refused { leaderboards { id } }');
  const watch = 'subscription Watch($id: ID!) { leaderboard(id: $id) { cursor } }';
  const screens = ['websocket', 'websocket', 'sse'] as const;
  const streams = screens.map((over) => muster.subscribe(watch, { id: board }, { token, over }));
  for (const stream of streams) await stream.next();
  await muster.stop();

  expect([...paths]).toEqual(['/v1/traces']);
  const resource = sent()[0]?.resourceSpans[0]?.resource.attributes;
  expect(resource).toContainEqual({ key: 'service.name', value: { stringValue: 'muster-test' } });

  const named = (name: string) => spans().filter((span) => span.name === name);
  const [whoami] = named('query Whoami');
  expect(whoami).toMatchObject({ traceId, parentSpanId: '00f067aa0ba902b7' });
  expect(whoami && facts(whoami)).toMatchObject({
    'graphql.operation.type': 'query',
    'graphql.operation.name': 'Whoami',
    'muster.organization_id': organizationId,
    'muster.member_id': acme.memberId,
    'muster.transport': 'http',
  });
  const [refused] = named('query Refused');
  expect(refused?.status.code).toBe(2);
  expect(refused && facts(refused)['muster.error_codes']).toContain('UNAUTHENTICATED');

  expect(named('subscription Watch')).toHaveLength(3);
  const groups = named('group leaderboard');
  expect(groups.length).toBeGreaterThan(0);
  expect(groups[0] && facts(groups[0])).toMatchObject({
    'muster.organization_id': organizationId,
  });
  expect(groups[0] && Number(facts(groups[0])['muster.bytes'])).toBeGreaterThan(10);

  const everything = bodies.join();
  for (const secret of ['ecret', token, 'CreateLeaderboardInput', watch, board]) {
    expect(everything).not.toContain(secret);
  }
});

test('a collector that is away neither fails an operation nor holds up the end', async () => {
  const muster = await testApp({
    environment: { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1' },
  });
  const answer = await muster.query('{ viewer { kind } }');
  expect(answer.errors.map(({ extensions }) => extensions.code)).toEqual(['UNAUTHENTICATED']);
  await muster.stop();
});

test('without an endpoint nothing of OpenTelemetry is loaded', async () => {
  const script = `
    await import('./src/app.ts');
    const { default: module } = await import('node:module');
    const loaded = () => Object.keys(module._cache).filter((file) => /@opentelemetry.(?!api)/.test(file));
    const before = loaded().length;
    await import('./src/server/tracing-otlp.ts');
    console.log(JSON.stringify([before, loaded().length > 10]));`;
  const run = promisify(execFile);
  const { stdout } = await run(process.execPath, ['--input-type=module', '-e', script]);
  expect(JSON.parse(stdout)).toEqual([0, true]);
}, 60_000);
