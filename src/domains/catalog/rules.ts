import { AlreadyExists, NotAllowed } from '../../database/errors.ts';
import type { MemberViewer } from '../../database/viewer.ts';
import { changedFields, cleanAmount, cleanNames } from '../customers/fields.ts';
import { cleanName, cleanOptionalName } from '../organization/limits.ts';
import { ALIASES_LIMIT, type Product, type ProductFields, type ProductPatch } from './model.ts';

/** How names and aliases are compared: without regard to width, case and the number of spaces. */
export const foldLabel = (text: string): string =>
  text.normalize('NFKC').toLowerCase().replace(/\s+/gu, ' ').trim();

/** The catalogue is everybody's, so only who answers for the whole organization changes it. Throws NotAllowed. */
export function requireCatalogRights(viewer: MemberViewer): void {
  const may =
    viewer.role === 'ADMIN' || (viewer.role === 'MANAGER' && viewer.dataScope === 'ORGANIZATION');
  if (!may) {
    throw new NotAllowed(
      'The catalogue is changed by administrators and by managers whose data scope is ORGANIZATION.',
    );
  }
}

/** The patch as it is kept. Throws InvalidInput. */
export function cleanProduct(patch: ProductPatch): ProductPatch {
  const { name, series, listPrice, aliases, active, externalId } = patch;
  return {
    name: name === undefined ? undefined : cleanName(name, 'name'),
    series: cleanOptionalName(series, 'series'),
    listPrice: cleanAmount(listPrice, 'listPrice'),
    aliases:
      aliases === undefined ? undefined : cleanNames(aliases, 'aliases', ALIASES_LIMIT, foldLabel),
    active,
    externalId: cleanOptionalName(externalId, 'externalId'),
  };
}

/** A new product of a cleaned patch. */
export function newProduct(id: string, name: string, patch: ProductPatch): Product {
  const fields: ProductFields = {
    name,
    series: patch.series ?? null,
    listPrice: patch.listPrice ?? null,
    aliases: patch.aliases ?? [],
    active: patch.active ?? true,
    externalId: patch.externalId ?? null,
  };
  return { ...withoutOwnName(fields), id, version: 1 };
}

/** What a cleaned patch makes of a product; null when it changes nothing. */
export function changeProduct(
  product: Product,
  patch: ProductPatch,
): { product: Product; changes: string[] } | null {
  const given = Object.fromEntries(
    Object.entries(patch).filter(([, value]) => value !== undefined),
  ) as Partial<ProductFields>;
  const after = { ...product, ...withoutOwnName({ ...product, ...given }) };
  const changes = changedFields<ProductFields>(product, fieldsOf(after));
  return changes.length === 0
    ? null
    : { product: { ...after, version: product.version + 1 }, changes };
}

const withoutOwnName = <Fields extends ProductFields>(fields: Fields): Fields => ({
  ...fields,
  aliases: fields.aliases.filter((alias) => foldLabel(alias) !== foldLabel(fields.name)),
});

const fieldsOf = ({ id: _id, version: _version, ...fields }: Product): ProductFields => fields;

/** What the product answers to. */
export const labelsOf = ({ name, aliases }: ProductFields): string[] =>
  [name, ...aliases].map(foldLabel);

/** The failure for a folded name or alias of this product that another one answers to. */
export function nameTaken(label: string, product: ProductFields): AlreadyExists {
  const field = foldLabel(product.name) === label ? 'name' : 'aliases';
  return new AlreadyExists(`Another product is already called "${label}".`, {
    path: ['input', field],
  });
}
