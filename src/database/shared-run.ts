/**
 * Work that many ask for at once: each gets the outcome of a run that began after it asked, as one under way may have
 * missed what the asker has written; all who ask during a run share the next.
 */
export function sharedRun<Outcome>(work: () => Promise<Outcome>): () => Promise<Outcome> {
  let running: Promise<Outcome> | null = null;
  let next: Promise<Outcome> | null = null;
  const run = (): Promise<Outcome> => {
    if (!running) {
      running = work().finally(() => {
        running = null;
      });
      return running;
    }
    next ??= running
      .catch(() => {})
      .then(() => {
        next = null;
        return run();
      });
    return next;
  };
  return run;
}
