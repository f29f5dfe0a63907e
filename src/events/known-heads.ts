interface Waiter {
  position: number;
  settle: (reached: boolean) => void;
}

/** How far each organization's log is known to have come: by commits of this node, wake-ups confirmed by a read, polls. */
export class KnownHeads {
  #positions = new Map<string, number>();
  #waiters = new Map<string, Set<Waiter>>();

  /** Undefined: nothing is known yet. */
  get(organizationId: string): number | undefined {
    return this.#positions.get(organizationId);
  }

  advance(organizationId: string, position: number): void {
    if (position <= (this.get(organizationId) ?? -1)) return;
    this.#positions.set(organizationId, position);
    for (const waiter of this.#waiters.get(organizationId) ?? []) {
      if (waiter.position <= position) waiter.settle(true);
    }
  }

  /** Another log has taken the place of the known one. */
  forget(): void {
    this.#positions.clear();
  }

  /** True once the head is known to have reached the position, false after `timeoutMs`. */
  waitFor(organizationId: string, position: number, timeoutMs: number): Promise<boolean> {
    if ((this.get(organizationId) ?? -1) >= position) return Promise.resolve(true);
    return new Promise((resolve) => {
      const waiters = this.#waiters.get(organizationId) ?? new Set<Waiter>();
      this.#waiters.set(organizationId, waiters);
      const settle = (reached: boolean) => {
        clearTimeout(timer);
        waiters.delete(waiter);
        if (waiters.size === 0) this.#waiters.delete(organizationId);
        resolve(reached);
      };
      const waiter: Waiter = { position, settle };
      const timer = setTimeout(() => settle(false), timeoutMs);
      timer.unref();
      waiters.add(waiter);
    });
  }

  /** The organizations that somebody waits for. */
  awaited(): Iterable<string> {
    return this.#waiters.keys();
  }

  get waiters(): number {
    let count = 0;
    for (const waiters of this.#waiters.values()) count += waiters.size;
    return count;
  }

  /** Gives up every wait. */
  close(): void {
    for (const waiters of this.#waiters.values()) {
      for (const waiter of [...waiters]) waiter.settle(false);
    }
  }
}
