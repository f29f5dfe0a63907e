export const ALIASES_LIMIT = 100;

/** What can be said of a product. */
export interface ProductFields {
  /** Unique, like the aliases, among all names and aliases of the organization. At most 200 characters. */
  name: string;
  /** The line of products that it belongs to; at most 200 characters. */
  series: string | null;
  /** In the organization's currency; an exact decimal, 0 or more. */
  listPrice: string | null;
  /** Other names that it goes by in offers, exports and talk; at most 100. */
  aliases: string[];
  /** Whether it is still offered. */
  active: boolean;
  /** Its key in the system that it came from; at most 200 characters. */
  externalId: string | null;
}

export interface Product extends ProductFields {
  id: string;
  version: number;
}

/** A product as it is to be: undefined leaves a field as it is, null clears it. */
export type ProductPatch = { [F in keyof ProductFields]?: ProductFields[F] | undefined };
