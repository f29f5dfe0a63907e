import { describe, expect, it } from 'vitest';
import { hashToken, looksLikeToken, makeToken } from '../../../src/domains/organization/token.ts';

describe('a token', () => {
  it('tells its kind, is never the same, and hashes to 32 bytes', () => {
    const tokens = Array.from({ length: 1_000 }, () => makeToken('API'));
    expect(new Set(tokens).size).toBe(1_000);
    expect(tokens.every((token) => token.startsWith('ma_') && looksLikeToken(token))).toBe(true);
    expect(makeToken('SESSION')).toMatch(/^ms_/);
    expect(makeToken('DISPLAY')).toMatch(/^md_/);
    expect(hashToken('ms_x')).toHaveLength(32);
    expect(hashToken('ms_x')).not.toEqual(hashToken('ms_y'));
  });

  it('is nothing else', () => {
    const token = makeToken('SESSION');
    for (const text of [
      '',
      'ms_',
      token.slice(0, -1),
      `${token}A`,
      token.replace('ms_', 'mx_'),
      `${token}\n`,
    ]) {
      expect(looksLikeToken(text)).toBe(false);
    }
  });
});
