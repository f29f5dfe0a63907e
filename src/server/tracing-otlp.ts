import {
  type Attributes,
  DiagLogLevel,
  diag,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
} from '@opentelemetry/api';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BasicTracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';
import type { Facts, Tracing, TracingOptions } from './tracing.ts';

const FLUSH_MS = 3_000;

/**
 * Spans through OpenTelemetry's own SDK, in batches; it reads OTEL_TRACES_SAMPLER and OTEL_EXPORTER_OTLP_HEADERS itself.
 * Every span is given its parent, so that no context has to be carried through the process.
 */
export function exportSpans({ endpoint, serviceName, onError }: TracingOptions): Tracing {
  const report = (message: string) => onError(new Error(message));
  const ignore = () => {};
  diag.setLogger(
    { error: report, warn: report, info: ignore, debug: ignore, verbose: ignore },
    { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true },
  );
  const exporter = new OTLPTraceExporter({ url: `${endpoint.replace(/\/$/, '')}/v1/traces` });
  const provider = new BasicTracerProvider({
    resource: resourceFromAttributes({ 'service.name': serviceName }),
    spanProcessors: [new BatchSpanProcessor(exporter)],
  });
  const tracer = provider.getTracer('muster');
  const propagator = new W3CTraceContextPropagator();

  return {
    begin(name, parent) {
      const context = parent
        ? propagator.extract(ROOT_CONTEXT, parent, {
            keys: () => ['traceparent'],
            get: (header: string, key) => (key === 'traceparent' ? header : undefined),
          })
        : ROOT_CONTEXT;
      const span = tracer.startSpan(name, { kind: SpanKind.SERVER }, context);
      return (facts, codes) => {
        span.setAttributes(attributesOf(facts));
        if (codes.length > 0) {
          span.setAttribute('muster.error_codes', [...codes]);
          span.setStatus({ code: SpanStatusCode.ERROR, message: codes[0] ?? '' });
        }
        span.end();
      };
    },
    async stop() {
      const { promise: late, resolve } = Promise.withResolvers<void>();
      const timer = setTimeout(resolve, FLUSH_MS);
      await Promise.race([provider.shutdown().catch(onError), late]);
      clearTimeout(timer);
      diag.disable();
    },
  };
}

function attributesOf(facts: Facts): Attributes {
  const attributes: Attributes = {};
  for (const [name, value] of Object.entries(facts)) {
    if (value === null || value === undefined) continue;
    attributes[name] = Array.isArray(value) ? [...value] : (value as string | number | boolean);
  }
  return attributes;
}
