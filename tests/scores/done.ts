import { NamedError } from '../../src/database/errors.ts';
import { type Company, momentOf } from './company.ts';

/**
 * Awaits what should succeed, or be refused with a name. Gives when it happened, and since when it holds if it is a
 * move; null if refused.
 */
export async function done<T extends { position: number }>(
  { db, organizationId }: Company,
  refusal: string | null | undefined,
  call: Promise<T>,
): Promise<(T & { at: number; from: number }) | null> {
  const outcome = await call.catch((error: unknown) => {
    if (error instanceof NamedError) return error;
    throw error;
  });
  const name = outcome instanceof NamedError ? outcome.name : null;
  if (name !== (refusal ?? null)) {
    const said = outcome instanceof NamedError ? `${name}: ${outcome.message}` : 'it was done';
    throw new Error(`expected ${refusal ?? 'it to be done'}, but ${said}`);
  }
  if (outcome instanceof NamedError) return null;
  return { ...outcome, ...(await momentOf(db, organizationId, outcome.position)) };
}
