import type { Socket } from 'node:net';

/** A connection that is looked after. */
export interface Patient {
  /** Node's socket below it. */
  bytes: Socket;
  /** Asks the peer for a sign of life; null for a connection that has no such thing. */
  ping: (() => void) | null;
  /** The peer has read nothing of what waits for it for too long. */
  stalled(): void;
  /** The peer has given no sign of life since the last ping. */
  silent(): void;
}

export interface PulseOptions {
  /** Between two pings, and how long the answer to one may take. */
  keepAliveMs: number;
  /** How long bytes may wait for a peer that takes none. */
  stalledMs: number;
}

/** Moments are by `performance.now()`. */
interface Chart {
  /** Bytes that the kernel has taken so far. */
  sent: number;
  /** Since when bytes wait and none is taken; null: none waits. */
  waitingSince: number | null;
  /** When bytes that had waited were taken last: the kernel had room again, so the peer has read. */
  tookAt: number;
  pingAt: number;
  /** The last ping, and how much had come in by then; null: none was sent. */
  pinged: { at: number; read: number } | null;
}

/** Finds connections whose other end has gone without a word, or takes nothing: one timer for all of them. */
export class Pulse {
  #options: PulseOptions;
  #charts = new Map<Patient, Chart>();
  #timer: NodeJS.Timeout | null = null;

  constructor(options: PulseOptions) {
    this.#options = options;
  }

  /** How many are looked after; without any there is no timer. */
  get size(): number {
    return this.#charts.size;
  }

  add(patient: Patient): void {
    const { keepAliveMs, stalledMs } = this.#options;
    // Pings of those who came together, as after a restart, are spread.
    const pingAt = performance.now() + keepAliveMs * (0.5 + Math.random() / 2);
    this.#charts.set(patient, { sent: 0, waitingSince: null, tookAt: 0, pingAt, pinged: null });
    this.#timer ??= setInterval(() => this.#look(), Math.min(keepAliveMs, stalledMs) / 8).unref();
  }

  remove(patient: Patient): void {
    this.#charts.delete(patient);
    if (this.#charts.size > 0 || !this.#timer) return;
    clearInterval(this.#timer);
    this.#timer = null;
  }

  #look(): void {
    const now = performance.now();
    for (const [patient, chart] of this.#charts) {
      if (this.#isStalled(patient, chart, now)) {
        this.remove(patient);
        patient.stalled();
      } else if (this.#isSilent(patient, chart, now)) {
        this.remove(patient);
        patient.silent();
      }
    }
  }

  #isStalled({ bytes }: Patient, chart: Chart, now: number): boolean {
    const waiting = bytes.writableLength;
    const sent = bytes.bytesWritten - waiting;
    if (chart.waitingSince !== null && sent > chart.sent) chart.tookAt = now;
    if (waiting === 0) chart.waitingSince = null;
    else if (sent > chart.sent) chart.waitingSince = now;
    else chart.waitingSince ??= now;
    chart.sent = sent;
    return chart.waitingSince !== null && now - chart.waitingSince >= this.#options.stalledMs;
  }

  #isSilent({ bytes, ping }: Patient, chart: Chart, now: number): boolean {
    if (!ping || now < chart.pingAt) return false;
    const { pinged, tookAt } = chart;
    // Who reads what we send is there, even if the ping stands behind so much that it takes its time.
    if (pinged && bytes.bytesRead === pinged.read && tookAt < pinged.at) return true;
    ping();
    chart.pinged = { at: now, read: bytes.bytesRead };
    chart.pingAt = now + this.#options.keepAliveMs;
    return false;
  }
}
