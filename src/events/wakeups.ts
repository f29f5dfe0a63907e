/** Hears that an organization's log has perhaps come to a position. */
export type WakeupListener = (organizationId: string, position: number) => void;

/**
 * Tells the other nodes that there is something to read. A hint: it may be lost, late, doubled or wrong, and nothing
 * but an earlier read follows from it; the poll stands behind it.
 */
export interface Wakeups {
  /** Begins to connect; does not wait for it, as nothing depends on it. */
  start?(): Promise<void>;
  stop?(): Promise<void>;
  /** Whether hints can come and go at this moment. Left out: always. */
  isConnected?(): boolean;
  /** Must neither throw nor wait. */
  publish(organizationId: string, position: number): void;
  /** Gives a function that ends the subscription. */
  subscribe(listener: WakeupListener): () => void;
}

/** Wake-ups within one process: for one node, and for tests that run several nodes in one process. */
export function processWakeups(): Wakeups {
  const listeners = new Set<WakeupListener>();
  return {
    publish(organizationId, position) {
      for (const listener of listeners) listener(organizationId, position);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
