// Who is meant by an external id or a name. Only ids are read here, never rows, and nothing is locked or written.
import type { Tx } from '../database/transaction.ts';

export type ReferenceKind = keyof typeof STATEMENTS;

const OF = 'organization_id = $1';

const STATEMENTS = {
  team: `SELECT id, external_id AS text, 1 AS rank FROM team WHERE ${OF} AND external_id = ANY ($2)
    UNION ALL SELECT id, name, 2 FROM team WHERE ${OF} AND name = ANY ($2) AND archived_at IS NULL`,
  member: `SELECT id, external_id AS text, 1 AS rank FROM member WHERE ${OF} AND external_id = ANY ($2)
    UNION ALL SELECT id, employee_number, 2 FROM member WHERE ${OF} AND employee_number = ANY ($2)
    UNION ALL SELECT id, name, 3 FROM member WHERE ${OF} AND name = ANY ($2) AND active`,
  product: `SELECT id, external_id AS text, 1 AS rank FROM product WHERE ${OF} AND external_id = ANY ($2)
    UNION ALL SELECT id, name, 2 FROM product WHERE ${OF} AND name = ANY ($2)
    UNION ALL SELECT p.id, a.alias, 3 FROM product p, unnest(p.aliases) AS a(alias)
      WHERE p.${OF} AND a.alias = ANY ($2)`,
  customer: `SELECT id, external_id AS text, 1 AS rank FROM customer WHERE ${OF} AND external_id = ANY ($2)
    UNION ALL SELECT id, name, 2 FROM customer WHERE ${OF} AND name = ANY ($2) AND archived_at IS NULL`,
  funnel: `SELECT id, external_id AS text, 1 AS rank FROM funnel WHERE ${OF} AND external_id = ANY ($2)
    UNION ALL SELECT id, name, 2 FROM funnel WHERE ${OF} AND name = ANY ($2) AND archived_at IS NULL`,
} as const;

/** Somebody or something that answers to a text; the lowest rank is meant: an external id before a name. */
export interface Candidate {
  id: string;
  text: string;
  rank: number;
}

export const candidates = (
  tx: Tx,
  kind: ReferenceKind,
  texts: readonly string[],
): Promise<Candidate[]> => tx.text<Candidate>(STATEMENTS[kind], [tx.organizationId, texts]);
