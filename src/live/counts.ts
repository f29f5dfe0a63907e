/** What this process has open for subscribers, for metrics and for tests that prove that nothing is left. */
export interface LiveCounts {
  mailboxes: number;
  timers: number;
}

const counts: LiveCounts = { mailboxes: 0, timers: 0 };

export const liveCounts = (): Readonly<LiveCounts> => ({ ...counts });

export function count(what: keyof LiveCounts, by: 1 | -1): void {
  counts[what] += by;
}
