import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Thrown when the port cannot be listened on; the message is one sentence for the operator. */
export class PortError extends Error {
  override name = 'PortError';
}

export interface Address {
  host: string;
  port: number;
  /** Whether PORT was set: then no other port will do. */
  portIsSet: boolean;
}

const TRIES = 20;

function listenOn(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

/** Listens on the port, or on the next free one when it was not asked for by name. Returns which. */
export async function listen(server: Server, { host, port, portIsSet }: Address): Promise<number> {
  for (let candidate = port; ; candidate += 1) {
    try {
      return await listenOn(server, host, candidate);
    } catch (error) {
      const code = codeOf(error);
      if (code === 'EADDRINUSE' && !portIsSet && candidate < port + TRIES) continue;
      throw new PortError(explain(code, host, candidate), { cause: error });
    }
  }
}

/**
 * Fails at once, with PortError, where `listen` would fail in the end: a port or a host that was asked for need not wait
 * for a database. Nothing stays open, so that `listen` is still the one who decides.
 */
export async function requireFree(address: Address): Promise<void> {
  const server = createServer();
  await listen(server, address);
  await new Promise((resolve) => server.close(resolve));
}

function explain(code: string, host: string, port: number): string {
  if (code === 'EADDRINUSE') {
    return `Port ${port} on ${host} is taken: stop what listens there, or set PORT to another.`;
  }
  if (code === 'EACCES') return `Port ${port} is reserved: set PORT to one above 1023.`;
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
    return `HOST is ${host}, which is no address of this machine.`;
  }
  return `Cannot listen on ${host}:${port} (${code || 'unknown cause'}).`;
}
