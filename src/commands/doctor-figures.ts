/** One reading of a server's /metrics. */
export class Figures {
  #samples: { name: string; labels: string; value: number }[] = [];

  /** @param text in Prometheus' form; lines that are none are left out */
  constructor(text: string) {
    for (const line of text.split('\n')) {
      const [, name, labels = '', value] = /^(\w+)(\{.*\})? (\S+)$/.exec(line) ?? [];
      if (name && value !== undefined) this.#samples.push({ name, labels, value: Number(value) });
    }
  }

  /** The sum over all labels that contain the text, such as `outcome="ok"`; 0 when the server does not say. */
  sum(name: string, label = ''): number {
    let sum = 0;
    for (const sample of this.#samples) {
      if (sample.name === name && sample.labels.includes(label)) sum += sample.value;
    }
    return sum;
  }

  has(name: string): boolean {
    return this.#samples.some((sample) => sample.name === name);
  }

  /** What stands for a label, such as `kind`, where there is one series. */
  label(name: string, label: string): string | null {
    const sample = this.#samples.find((candidate) => candidate.name === name);
    return new RegExp(`${label}="([^"]*)"`).exec(sample?.labels ?? '')?.[1] ?? null;
  }
}

/** What /health/ready answered. */
export interface Readiness {
  status: string;
  checks: Record<string, { ok: boolean; [fact: string]: unknown }>;
}

/** A server, looked at twice. */
export interface Findings {
  before: Figures;
  now: Figures;
  /** Between the two. */
  seconds: number;
  readiness: Readiness;
}

/** How much has been added to what only grows. */
export const grown = ({ before, now }: Findings, name: string, label = ''): number =>
  Math.max(0, now.sum(name, label) - before.sum(name, label));

/** The lesser of the two readings: what was there for a moment only is nothing to worry about. */
export const lasting = ({ before, now }: Findings, name: string, label = ''): number =>
  Math.min(before.sum(name, label), now.sum(name, label));
