import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

type ByLabel = Readonly<Record<string, number>>;

/** Ways to show what is counted elsewhere: read when somebody asks for the figures, and never pushed. */
export function metricKinds(registry: Registry) {
  const registers = [registry];
  return {
    /** A value that goes up and down; null: not known now, and left out. */
    gauge(name: string, help: string, read: () => number | null): void {
      new Gauge({
        name,
        help,
        registers,
        collect() {
          const value = read();
          if (value === null) this.remove();
          else this.set(value);
        },
      });
    },

    /** The same, by the values of one label. */
    gauges(name: string, help: string, label: string, read: () => ByLabel): void {
      new Gauge({
        name,
        help,
        registers,
        labelNames: [label],
        collect() {
          this.reset();
          for (const [kind, value] of Object.entries(read())) this.set({ [label]: kind }, value);
        },
      });
    },

    /** What only grows while the process lives. */
    total(name: string, help: string, read: () => number): void {
      new Counter({
        name,
        help,
        registers,
        collect() {
          this.reset();
          this.inc(read());
        },
      });
    },

    /** The same, by the values of one label. */
    totals(name: string, help: string, label: string, read: () => ByLabel): void {
      new Counter({
        name,
        help,
        registers,
        labelNames: [label],
        collect() {
          this.reset();
          for (const [kind, value] of Object.entries(read())) this.inc({ [label]: kind }, value);
        },
      });
    },

    /** How values are spread at this moment. */
    spread(name: string, help: string, buckets: number[], read: () => Iterable<number>): void {
      new Histogram({
        name,
        help,
        registers,
        buckets,
        collect() {
          this.reset();
          for (const value of read()) this.observe(value);
        },
      });
    },

    /** Durations as they come. */
    durations<Label extends string>(
      name: string,
      help: string,
      buckets: number[],
      labelNames: readonly Label[] = [],
    ): Histogram<Label> {
      return new Histogram({ name, help, registers, buckets, labelNames });
    },
  };
}

export type MetricKinds = ReturnType<typeof metricKinds>;
