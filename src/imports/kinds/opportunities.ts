import { type ImportedOpportunity, importOpportunities } from '../../domains/funnels/import.ts';
import { type LineReader, MAX_NAME } from '../line-reader.ts';
import type { OpportunitySource, StatusMapping } from '../model.ts';
import type { Importer } from '../pipeline.ts';
import type { Session } from '../session.ts';

const MAX_REASON = 1_000;

export const opportunities: Importer<OpportunitySource, ImportedOpportunity> = {
  kind: 'opportunities',
  values: (source) => [
    source.externalId,
    source.name,
    source.funnel,
    source.owner,
    source.customer,
    source.product,
    source.expectedCloseOn,
    source.status,
    ...Object.values(source.statuses).flatMap(valuesOfStatus),
  ],
  externalId: (source) => source.externalId,
  read(line, source, session) {
    const status = line.required(source.status, MAX_NAME);
    const meaning = Object.hasOwn(source.statuses, status) ? source.statuses[status] : undefined;
    if (status && !meaning) {
      const known = Object.keys(source.statuses).join(', ');
      line.refuse(line.got(source.status), `is not a status that the mapping knows: ${known}`);
    }
    const row = {
      externalId: line.required(source.externalId, MAX_NAME),
      name: line.required(source.name, MAX_NAME),
      expectedCloseOn: line.day(source.expectedCloseOn),
      amount: line.amount(meaning?.amount) ?? null,
      wonAmount: line.requiredAmount(meaning?.wonAmount) ?? null,
      lossReason: line.text(meaning?.lossReason, MAX_REASON) ?? null,
    };
    const path = meaning ? readPath(line, meaning, session) : [];
    const funnel = line.requiredReference('funnel', source.funnel);
    const owner = line.requiredReference('member', source.owner);
    const customer = line.reference('customer', source.customer);
    const product = line.reference('product', source.product);
    return {
      externalId: row.externalId,
      references: [funnel, owner, customer, product],
      says: [row, path, funnel?.text, owner?.text, customer?.text, product?.text],
      complete: ({ idOf, stageOf }) => {
        const funnelId = idOf(funnel) ?? '';
        return {
          ...row,
          funnelId,
          ownerId: idOf(owner) ?? '',
          customerId: idOf(customer) ?? null,
          productId: idOf(product) ?? null,
          path: path.map(({ stage, at }) => ({ stageId: stageOf(funnelId, stage), at })),
        };
      },
    };
  },
  write: { batch: importOpportunities },
  after: (session, row) => session.owners.add(row.ownerId),
};

const valuesOfStatus = ({ enters, amount, wonAmount, lossReason }: StatusMapping) => [
  ...enters.map(({ on }) => on),
  amount,
  wonAmount,
  lossReason,
];

interface NamedStep {
  stage: string;
  at: Date;
}

/** The stages that were entered. Each moment must be known, not before the one above, and lie in the past. */
function readPath(line: LineReader, meaning: StatusMapping, session: Session): NamedStep[] {
  const path: NamedStep[] = [];
  for (const { stage, on } of meaning.enters) {
    const before = line.problems.length;
    const at = line.moment(on);
    if (!at) {
      if (line.problems.length === before) line.refuse(line.got(on), 'is missing');
      continue;
    }
    const last = path.at(-1);
    if (last && at < last.at) {
      line.refuse(line.got(on), `lies before "${last.stage}" was entered`);
    } else if (at > session.startedAt) {
      line.refuse(line.got(on), 'lies in the future');
    } else if (session.membersFrom && at < session.membersFrom) {
      const from = session.mapping.membersFrom;
      line.refuse(line.got(on), `lies before ${from}, from when the mapping has people in teams`);
    }
    path.push({ stage, at });
  }
  return path;
}
