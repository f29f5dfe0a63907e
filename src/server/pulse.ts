import type { Socket } from 'node:net';

/** A connection that is looked after. */
export interface Patient {
  /** Node's socket below it. */
  bytes: Socket;
  /** Asks the peer for a sign of life; null for a connection that has no such thing. */
  readonly ping: (() => void) | null;
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

interface Chart {
  /** Bytes that the kernel has taken so far. */
  sent: number;
  /** For how many looks bytes have waited and none was taken. */
  waited: number;
  /** How many looks ago bytes that had waited were taken: the kernel had room again, so the peer has read. */
  sinceTaken: number;
  /** How many looks until the next ping. */
  untilPing: number;
  /** How much had come in when the last ping was sent; null: none was. */
  readAtPing: number | null;
}

/** Of the shorter of the two times. */
const LOOKS = 8;

/**
 * Finds connections whose other end has gone without a word, or takes nothing: one timer for all of them. It counts its
 * looks, not the time: while this process is held up it hears of nobody, and nobody is to blame.
 */
export class Pulse {
  #everyMs: number;
  #looksBetweenPings: number;
  #patience: number;
  #charts = new Map<Patient, Chart>();
  #timer: NodeJS.Timeout | null = null;

  constructor({ keepAliveMs, stalledMs }: PulseOptions) {
    this.#everyMs = Math.min(keepAliveMs, stalledMs) / LOOKS;
    this.#looksBetweenPings = Math.ceil(keepAliveMs / this.#everyMs);
    this.#patience = Math.ceil(stalledMs / this.#everyMs);
  }

  /** How many are looked after; without any there is no timer. */
  get size(): number {
    return this.#charts.size;
  }

  add(patient: Patient): void {
    // Pings of those who came together, as after a restart, are spread.
    const untilPing = Math.ceil(this.#looksBetweenPings * (0.5 + Math.random() / 2));
    const nothing = { sent: 0, waited: 0, sinceTaken: 0, readAtPing: null };
    this.#charts.set(patient, { ...nothing, untilPing });
    this.#timer ??= setInterval(() => this.#look(), this.#everyMs).unref();
  }

  remove(patient: Patient): void {
    this.#charts.delete(patient);
    if (this.#charts.size > 0 || !this.#timer) return;
    clearInterval(this.#timer);
    this.#timer = null;
  }

  #look(): void {
    for (const [patient, chart] of this.#charts) {
      if (this.#isStalled(patient, chart)) {
        this.remove(patient);
        patient.stalled();
      } else if (this.#isSilent(patient, chart)) {
        this.remove(patient);
        patient.silent();
      }
    }
  }

  #isStalled({ bytes }: Patient, chart: Chart): boolean {
    const waiting = bytes.writableLength;
    const sent = bytes.bytesWritten - waiting;
    const hasTaken = sent > chart.sent;
    chart.sinceTaken = chart.waited > 0 && hasTaken ? 0 : chart.sinceTaken + 1;
    chart.waited = waiting === 0 ? 0 : hasTaken ? 1 : chart.waited + 1;
    chart.sent = sent;
    return chart.waited > this.#patience;
  }

  #isSilent(patient: Patient, chart: Chart): boolean {
    const { bytes } = patient;
    chart.untilPing -= 1;
    if (!patient.ping || chart.untilPing > 0) return false;
    const isQuiet = bytes.bytesRead === chart.readAtPing;
    // Who reads what we send is there, even if the ping stands behind so much that it takes its time.
    if (isQuiet && chart.sinceTaken >= this.#looksBetweenPings) return true;
    patient.ping();
    chart.readAtPing = bytes.bytesRead;
    chart.untilPing = this.#looksBetweenPings;
    return false;
  }
}
