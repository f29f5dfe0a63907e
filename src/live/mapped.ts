/** A stream with every value turned into another; ends, fails and is left as the first does and is. */
export function mapped<From, To>(
  stream: AsyncIterableIterator<From, undefined>,
  turn: (value: From) => To,
): AsyncIterableIterator<To, undefined> {
  return {
    async next() {
      const { value, done } = await stream.next();
      return done ? { value: undefined, done: true } : { value: turn(value), done: false };
    },
    async return() {
      await stream.return?.();
      return { value: undefined, done: true };
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
