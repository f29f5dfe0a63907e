/** What a span says of something that took time: ids, kinds, counts and codes; never a text or a value of a client. */
export type Facts = Readonly<
  Record<string, string | number | boolean | readonly string[] | null | undefined>
>;

/** Ends a span. With codes of what went wrong it counts as failed. */
export type EndSpan = (facts: Facts, codes: readonly string[]) => void;

/** Sends spans to a collector. */
export interface Tracing {
  /** @param parent the `traceparent` that came with a request, if one did */
  begin(name: string, parent?: string | null): EndSpan;
  /** Sends what has not been sent, for three seconds at most. */
  stop(): Promise<void>;
}

export interface TracingOptions {
  /** Where an OpenTelemetry collector takes OTLP over HTTP. */
  endpoint: string;
  serviceName: string;
  /** Spans could not be sent. */
  onError(error: unknown): void;
}

/** Null without options. OpenTelemetry is loaded only with them: who sends nothing pays neither time nor memory. */
export async function startTracing(options: TracingOptions | null): Promise<Tracing | null> {
  if (!options) return null;
  const { exportSpans } = await import('./tracing-otlp.ts');
  return exportSpans(options);
}
