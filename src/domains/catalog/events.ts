import type { EventDraft } from '../../database/event-draft.ts';
import type { Product } from './model.ts';

const draft = (type: string, product: Product, payload: EventDraft['payload']): EventDraft => ({
  type,
  version: 1,
  recordType: 'Product',
  recordId: product.id,
  recordVersion: product.version,
  payload,
  visibility: { before: null, after: null },
});

const values = ({ listPrice, active }: Product) => ({ listPrice, active });

export const productCreated = (product: Product): EventDraft =>
  draft('product.created', product, values(product));

/** `changes` are names of fields. */
export const productUpdated = (product: Product, changes: readonly string[]): EventDraft =>
  draft('product.updated', product, { changes: [...changes], ...values(product) });
