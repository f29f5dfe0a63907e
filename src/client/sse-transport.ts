import { createClient, NetworkError } from 'graphql-sse';
import type { Break } from './break.ts';
import type { Authorization, Credentials } from './credentials.ts';
import type { Problem } from './errors.ts';
import { withoutSilence } from './silence.ts';
import type { Line, Payload, Sink, Transport } from './transport.ts';

export interface SseTransportOptions {
  url: string;
  credentials: Credentials;
  silenceMs: number;
}

/** A request of its own for every subscription: over HTTP/1, browsers allow six to a server. */
export function sseTransport({ url, credentials, silenceMs }: SseTransportOptions): Transport {
  let heardAt = new Date();
  const lines = new Set<Line>();
  const fetchFn = withoutSilence(silenceMs, () => {
    heardAt = new Date();
  });

  function open(payload: Payload, sink: Sink): Line {
    let used: Authorization | undefined;
    let isOpen = true;
    const headers = async () => {
      used = await credentials.headers();
      return { ...used };
    };
    const client = createClient({ url, headers, retryAttempts: 0, fetchFn });
    const close = () => {
      isOpen = false;
      lines.delete(line);
      client.dispose();
    };
    const line: Line = {
      close,
      refuse() {
        close();
        if (used) credentials.refuse(used);
      },
    };
    const end = (why: Break) => {
      lines.delete(line);
      if (!isOpen) return;
      isOpen = false;
      sink.broken(why);
    };
    lines.add(line);
    client.subscribe(
      { ...payload },
      {
        next: (answer) => isOpen && sink.next(answer as never),
        error: (error) => {
          breakOf(error).then(end, () => end({ kind: 'network', cause: error }));
        },
        complete: () => end({ kind: 'completed' }),
      },
      { connected: () => isOpen && sink.connected() },
    );
    return line;
  }

  return {
    get heardAt() {
      return heardAt;
    },
    open,
    close() {
      for (const line of [...lines]) line.close();
      return Promise.resolve();
    },
  };
}

async function breakOf(error: unknown): Promise<Break> {
  const response = error instanceof NetworkError ? (error.response as Response | undefined) : null;
  if (!response) return { kind: 'network', cause: error };
  const problems = problemsIn(await response.text().catch(() => ''));
  return { kind: 'refused', problems, status: response.status };
}

/** An answer that is no stream, or one whose first event says why there is none. */
function problemsIn(body: string): readonly Problem[] {
  const text = /^data: ?(.*)$/m.exec(body)?.[1] ?? body;
  try {
    const { errors } = JSON.parse(text) as { errors?: unknown };
    return Array.isArray(errors) ? (errors as Problem[]) : [];
  } catch {
    return [];
  }
}
