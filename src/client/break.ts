import { MusterError, type Problem, SignInNeeded } from './errors.ts';

/** Why a subscription came to its end, as its transport saw it. */
export type Break =
  | { kind: 'closed'; code: number; reason: string }
  | { kind: 'refused'; problems: readonly Problem[]; status?: number }
  | { kind: 'network'; cause: unknown }
  | { kind: 'completed' };

/** What to do about it: try again after a pause (or almost none), try again with a new token, or give up. */
export type Verdict =
  | { next: 'retry'; atOnce: boolean }
  | { next: 'sign in'; error: MusterError }
  | { next: 'end'; error: MusterError };

/** Of the codes that belong to WebSocket itself, those that a new connection can mend. */
const PASSING = [1000, 1001, 1005, 1006, 1012, 1013, 1014];
/** The server stops, and has said so to each client in its turn: another one is there. */
const SERVICE_RESTART = 1012;
/** Of the codes of graphql-transport-ws, those that say that the client or the server is at fault. */
const FATAL = [4004, 4005, 4400, 4406, 4409, 4429, 4500];
const REFUSED_TOKEN = [4401, 4403];

const PASSING_CODES = ['INTERNAL_SERVER_ERROR', 'POSITION_NOT_REACHED'];
const SIGN_IN_CODES = ['UNAUTHENTICATED', 'RIGHTS_ENDED'];
const RETRY = { next: 'retry', atOnce: false } as const;
const PASSING_STATUS = [408, 425, 429];

/** Close codes are fatal or not as graphql-ws has them, except that a refused token is tried again with a new one. */
export function judge(broken: Break): Verdict {
  switch (broken.kind) {
    case 'closed':
      return judgeClose(broken.code, broken.reason);
    case 'refused':
      return judgeProblems(broken.problems, broken.status);
    case 'network':
      return judgeFailure(broken.cause);
    case 'completed':
      return {
        next: 'end',
        error: new MusterError('COMPLETED', 'The server has ended the subscription.'),
      };
  }
}

function judgeClose(code: number, reason: string): Verdict {
  const error = new MusterError('CLOSED', `The server closed the connection: ${code} ${reason}`);
  if (REFUSED_TOKEN.includes(code)) return { next: 'sign in', error };
  const isFatal = FATAL.includes(code) || (code >= 1000 && code < 2000 && !PASSING.includes(code));
  return isFatal ? { next: 'end', error } : { ...RETRY, atOnce: code === SERVICE_RESTART };
}

function judgeProblems(problems: readonly Problem[], status = 200): Verdict {
  const codes = problems.map(({ extensions }) => extensions?.code);
  const [first] = problems;
  const error = new MusterError(
    codes[0] ?? 'REFUSED',
    first?.message ?? `The server answered with status ${status}.`,
    { problems },
  );
  const has = (some: readonly string[]) => codes.some((code) => code && some.includes(code));
  if (status === 401 || has(SIGN_IN_CODES)) return { next: 'sign in', error };
  if (has(PASSING_CODES)) return RETRY;
  const isPassing = problems.length === 0 && (status >= 500 || PASSING_STATUS.includes(status));
  return isPassing ? RETRY : { next: 'end', error };
}

function judgeFailure(cause: unknown): Verdict {
  return cause instanceof SignInNeeded ? { next: 'end', error: cause } : RETRY;
}
