import { createHash, randomBytes } from 'node:crypto';
import type { TokenKind } from './model.ts';

const PREFIXES: Record<TokenKind, string> = { SESSION: 'ms_', API: 'ma_', DISPLAY: 'md_' };
const FORM = /^m[sad]_[A-Za-z0-9_-]{43}$/;

/** A new secret: 256 random bits, with a prefix by which people and scanners tell the kinds apart. */
export const makeToken = (kind: TokenKind): string =>
  PREFIXES[kind] + randomBytes(32).toString('base64url');

/** What is kept of a token. It is random, so that a fast hash is enough. */
export const hashToken = (token: string): Buffer => createHash('sha256').update(token).digest();

/** Whether a text can be a token at all: anything else need not be looked up. */
export const looksLikeToken = (text: string): boolean => FORM.test(text);
