import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { CloseCode, makeServer } from 'graphql-ws';
import { type WebSocket, WebSocketServer } from 'ws';
import { Close, Connection } from './connection.ts';
import type { Pulse } from './pulse.ts';
import { type SocketOperationsOptions, socketOperations } from './socket-operations.ts';

export interface WebSocketOptions extends SocketOperationsOptions {
  pulse: Pulse;
  /** A client broke the WebSocket protocol or a size limit; its socket is being closed. */
  onClientError(error: Error): void;
  onClose?(code: number): void;
  isAllowedOrigin(request: IncomingMessage): boolean;
  compressSockets: boolean;
  /** Of one message from a client. */
  messageBytes: number;
  /** Messages and pings from one client, in the long run. */
  messagesPerSecond: number;
}

const PROTOCOL = 'graphql-transport-ws';
/** How long a client may take to answer our goodbye. */
const GOODBYE_MS = 1_000;
/** The types of ws do not know these. `maxFragments` is of one message, which clients send in one. */
const NEWER_OPTIONS = { closeTimeout: GOODBYE_MS, maxFragments: 256 };

/** graphql-ws on the path of the HTTP endpoint. */
export function attachWebSocket(server: Server, options: WebSocketOptions) {
  const connections = new Set<Connection>();
  const sockets = new WebSocketServer({
    ...NEWER_OPTIONS,
    noServer: true,
    maxPayload: options.messageBytes,
    perMessageDeflate: options.compressSockets,
    handleProtocols: (offered) => (offered.has(PROTOCOL) ? PROTOCOL : false),
  });
  const graphql = makeServer(socketOperations(options));

  const onUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => socket.destroy());
    if (request.url?.split('?')[0] !== '/graphql') return refuse(socket, '404 Not Found');
    if (!options.isAllowedOrigin(request)) return refuse(socket, '403 Forbidden');
    if (options.isStopping()) return refuse(socket, '503 Service Unavailable');
    return sockets.handleUpgrade(request, socket, head, (client) => {
      const connection = new Connection(client, request, options.messagesPerSecond);
      connections.add(connection);
      const end = speak(graphql, connection, options);
      client.once('close', (code, reason) => {
        connections.delete(connection);
        options.pulse.remove(connection);
        end(code, String(reason)).catch((error: unknown) => options.report(error, null));
        options.onClose?.(connection.closedWith ?? code);
      });
    });
  };
  server.on('upgrade', onUpgrade);

  return {
    sockets,
    /** All that are open, or on their way out. */
    connections: (): ReadonlySet<Connection> => connections,
    /** Sends all elsewhere; resolves when they are gone, after `graceMs` whatever they are still waiting for. */
    async stop(graceMs: number): Promise<void> {
      const gone = [...connections].map((connection) => connection.closed());
      for (const connection of connections) connection.leave();
      const timer = setTimeout(() => {
        for (const connection of connections)
          connection.close(Close.serviceRestart, 'Service restart');
      }, graceMs);
      await Promise.all(gone);
      clearTimeout(timer);
    },
  };
}

function refuse(socket: Duplex, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

/** Lets graphql-ws speak over a socket, as its own adapter does, but hears no more from a client that is closed. */
function speak(
  graphql: ReturnType<typeof makeServer<Record<string, unknown>, Connection>>,
  connection: Connection,
  options: WebSocketOptions,
) {
  const { socket } = connection;
  options.pulse.add(connection);
  // ws has closed with the right code already, or sees to it now.
  socket.on('error', (error) => options.onClientError(error));
  socket.on('ping', () => connection.hears());
  socket.on('pong', () => connection.hears());

  return graphql.opened(
    {
      protocol: socket.protocol,
      send: (text) => send(socket, text),
      close: (code = CloseCode.InternalServerError, reason = '') => connection.close(code, reason),
      onMessage: (take) =>
        socket.on('message', (data, isBinary) => {
          if (!connection.hears()) return;
          if (isBinary) connection.close(Close.unsupportedData, 'Messages are text');
          else take(String(data)).catch((error: unknown) => fail(connection, error, options));
        }),
    },
    connection,
  );
}

function send(socket: WebSocket, text: string): Promise<void> {
  if (socket.readyState !== socket.OPEN) return Promise.resolve();
  return new Promise((resolve, reject) => {
    socket.send(text, (error) => (error ? reject(error) : resolve()));
  });
}

function fail(connection: Connection, error: unknown, { report }: WebSocketOptions): void {
  if (!connection.isOpen) return;
  // A message that only servers send; graphql-ws throws where it refuses others.
  if (error instanceof Error && error.message.startsWith('Unexpected message')) {
    connection.close(CloseCode.BadRequest, 'Invalid message received');
    return;
  }
  report(error, null);
  connection.close(CloseCode.InternalServerError, 'Unexpected error.');
}
