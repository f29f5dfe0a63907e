import pg from 'pg';
import { vi } from 'vitest';

export interface Sent {
  text: string;
  /** Statements with the same number are sent without waiting for each other's answers. */
  flight: number;
}

/** Every statement that `work` sends, in order. */
export async function statementsOf(work: () => Promise<unknown>): Promise<Sent[]> {
  const sent: Sent[] = [];
  let [flight, pending] = [0, 0];
  const { query } = pg.Client.prototype;
  const spy = vi.spyOn(pg.Client.prototype, 'query').mockImplementation(function (
    this: pg.Client,
    ...given: unknown[]
  ) {
    const [asked] = given;
    const { text = String(asked) } = asked as { text?: string };
    if (pending === 0) flight += 1;
    pending += 1;
    sent.push({ text: text.replace(/\s+/g, ' '), flight });
    const landed = () => {
      pending -= 1;
    };
    const answer: Promise<unknown> | undefined = Reflect.apply(query, this, given);
    // With a callback, as the pool asks, there is no promise; such statements stand alone.
    if (!answer) landed();
    return answer?.finally(landed);
  } as never);
  try {
    await work();
  } finally {
    spy.mockRestore();
  }
  return sent;
}
