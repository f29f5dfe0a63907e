import { SingleBar } from 'cli-progress';

export interface Progress {
  add(bytes: number): void;
  /** May be called twice. */
  stop(): void;
}

/** A bar of bytes read, where somebody is looking; nothing elsewhere. */
export function showProgress(stream: NodeJS.WriteStream, total: number): Progress {
  if (!stream.isTTY) return { add: () => {}, stop: () => {} };
  const bar = new SingleBar({
    stream,
    format: 'Importing {bar} {percentage}% | {eta_formatted}',
    hideCursor: true,
    clearOnComplete: true,
  });
  bar.start(total, 0);
  return { add: (bytes) => bar.increment(bytes), stop: () => bar.stop() };
}
