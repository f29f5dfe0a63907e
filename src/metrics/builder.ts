import type { Database } from '../database/database.ts';
import { buildVersion, pendingBuilds } from './build.ts';

/** Builds what waits to be built, one version at a time; every node runs one. */
export class Builder {
  private readonly db: Database;
  private readonly onError: (error: unknown) => void;
  private running: Promise<void> | null = null;
  private again = false;
  private timer: NodeJS.Timeout | null = null;
  private stopped = false;

  constructor(db: Database, onError: (error: unknown) => void) {
    this.db = db;
    this.onError = onError;
    builders.set(db, this);
  }

  /** Looks for work now and every few seconds: another node may have died over a build. */
  start(everyMs = 5_000): void {
    this.wake();
    this.timer = setInterval(() => this.wake(), everyMs);
    this.timer.unref();
  }

  wake(): void {
    if (this.stopped) return;
    if (this.running) {
      this.again = true;
      return;
    }
    this.running = this.buildAll()
      .catch(this.onError)
      .finally(() => {
        this.running = null;
        if (this.again) {
          this.again = false;
          this.wake();
        }
      });
  }

  /** Resolves when nothing is being built by this node. */
  async idle(): Promise<void> {
    while (this.running) await this.running;
  }

  async stop(): Promise<void> {
    this.stopped = true;
    if (this.timer) clearInterval(this.timer);
    await this.idle();
    builders.delete(this.db);
  }

  private async buildAll(): Promise<void> {
    for (const id of await pendingBuilds(this.db)) {
      if (this.stopped) return;
      await buildVersion(this.db, id);
    }
  }
}

const builders = new WeakMap<Database, Builder>();

/** Tells this node's builder, if one runs, that there is work. */
export const wakeBuilder = (db: Database): void => builders.get(db)?.wake();
