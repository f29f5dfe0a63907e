/** A fetch whose answer fails when nothing of it, not even a comment that keeps it alive, has come for so long. */
export function withoutSilence(silenceMs: number, heard: () => void): typeof fetch {
  return async (input, init) => {
    const response = await fetch(input, init);
    heard();
    if (!response.ok || !response.body) return response;
    let timer: ReturnType<typeof setTimeout>;
    const reader = response.body.getReader();
    const wait = (controller: ReadableStreamDefaultController) => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        controller.error(new Error(`The server has said nothing for ${silenceMs} ms.`));
        reader.cancel().catch(() => {});
      }, silenceMs);
    };
    const body = new ReadableStream({
      start: wait,
      async pull(controller) {
        try {
          const { value, done } = await reader.read();
          heard();
          wait(controller);
          // graphql-sse takes a stream that ends without "complete" for one that goes on: an error it understands.
          if (done) throw new Error('The stream has ended.');
          controller.enqueue(value);
        } catch (error) {
          clearTimeout(timer);
          throw error;
        }
      },
      cancel(reason) {
        clearTimeout(timer);
        return reader.cancel(reason);
      },
    });
    return new Response(body, { status: response.status, headers: response.headers });
  };
}
