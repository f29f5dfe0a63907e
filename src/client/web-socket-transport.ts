import { createClient } from 'graphql-ws';
import type { Break } from './break.ts';
import type { Authorization, Credentials } from './credentials.ts';
import type { Line, Payload, Sink, Transport } from './transport.ts';

export interface WebSocketTransportOptions {
  url: string;
  credentials: Credentials;
  silenceMs: number;
  webSocketImpl?: unknown;
}

/** One socket for all subscriptions, open while there is one. */
export function webSocketTransport(options: WebSocketTransportOptions): Transport {
  const { credentials, silenceMs } = options;
  const waiting = new Set<() => void>();
  let socket: unknown = null;
  let used: Authorization | undefined;
  let heardAt = new Date();
  let silence: ReturnType<typeof setTimeout> | undefined;

  const client = createClient({
    url: options.url.replace(/^http/, 'ws'),
    webSocketImpl: options.webSocketImpl,
    retryAttempts: 0,
    keepAlive: silenceMs / 2,
    connectionAckWaitTimeout: silenceMs,
    connectionParams: () => ({ ...used }),
    on: {
      connected: (opened) => {
        socket = opened;
        heardAt = new Date();
        for (const tell of [...waiting]) tell();
      },
      message: () => {
        heardAt = new Date();
      },
      // A peer that is gone without a word is found out by its silence.
      ping: (isReceived) => {
        if (!isReceived) silence = setTimeout(() => client.terminate(), silenceMs / 2);
      },
      pong: (isReceived) => {
        if (isReceived) clearTimeout(silence);
      },
      closed: () => {
        socket = null;
        clearTimeout(silence);
      },
    },
  });

  /** The token is there before the socket: a failure to get one must not close a socket that others wait for. */
  async function authorize(): Promise<void> {
    if (!socket) used = await credentials.headers();
  }

  function open(payload: Payload, sink: Sink): Line {
    let isOpen = true;
    let mine: unknown = null;
    let leave = () => {};
    const connected = () => {
      waiting.delete(connected);
      mine = socket;
      if (isOpen) sink.connected();
    };
    const close = () => {
      isOpen = false;
      waiting.delete(connected);
      leave();
    };
    const end = (why: Break) => {
      waiting.delete(connected);
      if (!isOpen) return;
      isOpen = false;
      sink.broken(why);
    };
    const subscribe = () => {
      if (!isOpen) return;
      waiting.add(connected);
      leave = client.subscribe(
        { ...payload },
        {
          next: (answer) => isOpen && sink.next(answer as never),
          error: (error) => end(breakOf(error)),
          complete: () => end({ kind: 'completed' }),
        },
      );
      if (socket) connected();
    };
    authorize().then(subscribe, (cause) => end({ kind: 'network', cause }));
    return {
      close,
      refuse() {
        close();
        // Another socket than the one that it was on has the new token already.
        if (mine !== null && socket !== null && mine !== socket) return;
        if (used) credentials.refuse(used);
        if (socket !== null) client.terminate();
      },
    };
  }

  return {
    get heardAt() {
      return heardAt;
    },
    open,
    async close() {
      clearTimeout(silence);
      await Promise.resolve(client.dispose()).catch(() => {});
    },
  };
}

function breakOf(error: unknown): Break {
  if (Array.isArray(error)) return { kind: 'refused', problems: error };
  if (typeof error === 'object' && error !== null && 'code' in error && 'reason' in error) {
    if (typeof error.code === 'number') {
      return { kind: 'closed', code: error.code, reason: String(error.reason) };
    }
  }
  // TerminatedCloseEvent has a code, but no reason.
  return { kind: 'network', cause: error };
}
