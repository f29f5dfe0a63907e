import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';

export interface SentBytes {
  webSocket: number;
  http: number;
}

/** Counts what has gone out on all connections; costs nothing per write, as a socket knows what it has written. */
export function countSentBytes(server: Server): () => SentBytes {
  const open = new Set<Socket>();
  const upgraded = new WeakSet<Duplex>();
  const closed: SentBytes = { webSocket: 0, http: 0 };
  const kindOf = (socket: Socket) => (upgraded.has(socket) ? 'webSocket' : 'http');
  server.on('connection', (socket) => {
    open.add(socket);
    socket.once('close', () => {
      open.delete(socket);
      closed[kindOf(socket)] += socket.bytesWritten;
    });
  });
  server.on('upgrade', (_request, socket) => upgraded.add(socket));
  return () => {
    const sent = { ...closed };
    for (const socket of open) sent[kindOf(socket)] += socket.bytesWritten;
    return sent;
  };
}
