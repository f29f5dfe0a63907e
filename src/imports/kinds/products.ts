import { importProducts, type ProductRow } from '../../domains/catalog/import.ts';
import { MAX_NAME } from '../line-reader.ts';
import type { ProductSource } from '../model.ts';
import type { Importer } from '../pipeline.ts';

export const products: Importer<ProductSource, ProductRow> = {
  kind: 'products',
  values: (source) => [
    source.externalId,
    source.name,
    source.series,
    source.listPrice,
    source.aliases,
  ],
  externalId: (source) => source.externalId,
  read(line, source) {
    const row: ProductRow = {
      externalId: line.required(source.externalId, MAX_NAME),
      name: line.required(source.name, MAX_NAME),
      series: line.text(source.series, MAX_NAME),
      listPrice: line.amount(source.listPrice),
      aliases: line.list(source.aliases),
    };
    return { externalId: row.externalId ?? '', references: [], complete: () => row, says: row };
  },
  write: { batch: importProducts },
};
