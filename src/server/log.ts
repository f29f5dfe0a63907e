import { type Logger, pino } from 'pino';

/** Structured lines on standard output. What is logged is chosen field by field; secrets are no fields. */
export function createLog(level: string): Logger {
  return pino({
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    serializers: { err: describeError },
  });
}

export interface DescribedError {
  name: string;
  code?: string;
  message: string;
  at: string[];
  cause?: DescribedError | string;
}

/**
 * What the log says of an error: where it came from and what kind it is, without the values that
 * databases put into their messages ("Key (phone)=(138...) already exists", a whole query of Prisma's).
 */
export function describeError(error: unknown, depth = 0): DescribedError | string {
  if (!(error instanceof Error)) return typeof error;
  const { name, stack = '', cause } = error;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  return {
    name,
    ...(code !== undefined && { code }),
    message: withoutValues(name, code, error.message),
    at: stack
      .split('\n')
      .filter((line) => line.startsWith('    at '))
      .slice(0, 12)
      .map((line) => line.trim().slice(3)),
    ...(cause !== undefined && depth < 3 && { cause: describeError(cause, depth + 1) }),
  };
}

function withoutValues(name: string, code: string | undefined, message: string): string {
  const lines = message.split('\n').filter((line) => line.trim() !== '');
  // Prisma prints the arguments first and says what is wrong in the last line.
  const said = name.startsWith('Prisma') ? (lines.at(-1) ?? '') : lines.slice(0, 3).join(' ');
  // PostgreSQL's class 22 is about values, and quotes them; elsewhere quotes hold names of tables and constraints.
  const plain = code?.startsWith('22') ? said.replace(/"[^"]*"/g, '"..."') : said;
  return plain.replace(/(: |=)(["(]).*[")]/g, '$1$2...').slice(0, 500);
}
