import type { Tx } from '../../database/transaction.ts';

/** Whether any record of the organization has an amount; true is for ever, as history keeps it. */
export type HasAmounts = (tx: Tx) => Promise<boolean>;

const holders: HasAmounts[] = [];

/** Registers a room whose records have amounts in the organization's currency; called when the room is loaded. */
export function declareAmounts(hasAmounts: HasAmounts): void {
  holders.push(hasAmounts);
}

export async function anyAmounts(tx: Tx): Promise<boolean> {
  for (const hasAmounts of holders) if (await hasAmounts(tx)) return true;
  return false;
}
