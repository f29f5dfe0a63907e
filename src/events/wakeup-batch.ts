/** How long hints are gathered before they are sent. */
const GATHER_MS = 3;
/** PostgreSQL takes less than 8,000 bytes in one notification. */
const MAX_BYTES = 7_900;

const LINE = /^([0-9a-f-]{36}) (\d{1,16})$/;

/** Gathers hints for some milliseconds and keeps the newest of each organization. */
export class WakeupBatch {
  readonly #send: (payload: string) => void;
  readonly #newest = new Map<string, number>();
  #timer: NodeJS.Timeout | null = null;

  constructor(send: (payload: string) => void) {
    this.#send = send;
  }

  add(organizationId: string, position: number): void {
    this.#newest.set(organizationId, Math.max(position, this.#newest.get(organizationId) ?? 0));
    this.#timer ??= setTimeout(() => this.#flush(), GATHER_MS);
  }

  close(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    this.#newest.clear();
  }

  #flush(): void {
    this.#timer = null;
    let payload = '';
    for (const [organizationId, position] of this.#newest) {
      const line = `${organizationId} ${position}`;
      if (payload && payload.length + line.length >= MAX_BYTES) {
        this.#send(payload);
        payload = '';
      }
      payload += payload ? `\n${line}` : line;
    }
    this.#newest.clear();
    if (payload) this.#send(payload);
  }
}

/** What a payload says; lines that say nothing are left out, as anybody may write to a channel. */
export function readWakeups(payload: string): [organizationId: string, position: number][] {
  return payload.split('\n').flatMap((line): [string, number][] => {
    const [, organizationId, position] = LINE.exec(line) ?? [];
    return organizationId && position ? [[organizationId, Number(position)]] : [];
  });
}
