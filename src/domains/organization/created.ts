import type { Tx } from '../../database/transaction.ts';

/** Puts what every organization has from the start: meeting kinds, metrics. Must have no effect but through `tx`. */
export type Standards = (tx: Tx) => Promise<void>;

const listeners: Standards[] = [];

/**
 * Registers what a room gives to every new organization; called when the room is loaded. Runs inside the
 * transaction that makes the organization, as its first administrator, after `organization.created`.
 */
export function onOrganizationCreated(listener: Standards): void {
  listeners.push(listener);
}

/** Runs every room's part, in the order of registration. */
export async function giveStandards(tx: Tx): Promise<void> {
  for (const listener of listeners) await listener(tx);
}
