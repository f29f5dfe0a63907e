import { NamedError } from '../../database/errors.ts';

/** Thrown when a target, a board or a correction names a metric that is retired. */
export class MetricRetired extends NamedError {
  static {
    NamedError.register('MetricRetired', MetricRetired);
  }
}
