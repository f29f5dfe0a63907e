/** Reads when first asked, and gives the same answer from then on; a failure is the answer, too. */
export function once<Value>(read: () => Promise<Value>): () => Promise<Value> {
  let value: Promise<Value> | null = null;
  return () => {
    value ??= read();
    return value;
  };
}
