import type { GraphQLResolveInfo } from 'graphql';
import { NamedError } from '../database/errors.ts';
import type PrismaTypes from '../generated/pothos-prisma-types.ts';
import { type KeysetConnection, keysetConnection, type Row, type Where } from './connections.ts';
import { type Context, viewerOf } from './context.ts';
import { keysetWhere, orderByClause } from './keyset.ts';
import { type OrderBy, orderOf } from './model-columns.ts';
import { type PageArgs, readPage } from './page.ts';
import { asked } from './selection.ts';

type ModelName = keyof PrismaTypes & string;

export interface ListBelow<Model extends ModelName, Args extends PageArgs> {
  model: Model;
  /** The model of the record that the list hangs below. */
  of: ModelName;
  /** The list as that model has it. */
  relation: string;
  /** The relation leads to links that hold at present, and each of them to one record of the list. */
  through?: {
    /** From the link to the record. */
    record: string;
    /** Which links hold. */
    where: Where;
    /** The same from the record's side. */
    below(id: string): Where;
  };
  /**
   * Which of them, as far as it can be said from arguments as they were sent, ids undecoded, and without asking the
   * database; null: it cannot, and `where` says it. Default: all of them.
   */
  plain?(args: Args): Where | null;
  /** The same for all arguments. Default: what `plain` says. */
  where?(args: Args, ctx: Context): Where | Promise<Where>;
  /** Default: the order of making. */
  orderBy?(args: Args): readonly OrderBy<Model>[];
  /** The type of its records. Default: the name of the model. */
  type?: string;
  /** Read the log cursor before the rows, for a list that a subscription goes on from. */
  position?: boolean;
}

type Nested = (query: object, include: object) => Row;

const NODES = [[{ name: 'edges' }, { name: 'node' }], [{ name: 'nodes' }]];

/**
 * The options of a connection that is a relation of its record: a page of it is read with the record, in the same
 * statement, or for all records of a list together where that cannot be: with conditions that have to be looked up,
 * with a place in the log, which is read before the rows, and below records that were loaded for something else.
 */
export function listBelow<Model extends ModelName, Args extends PageArgs = PageArgs>(
  list: ListBelow<Model, Args>,
) {
  return {
    extensions: {
      // What Pothos asks for what a field needs of its record; `names` are the fields asked of the connection.
      pothosPrismaSelect: (
        args: Args,
        ctx: Context,
        nested: Nested,
        names: () => ReadonlySet<string>,
      ) => ({ select: selectionOf(list, args, ctx, nested, names()) ?? { id: true } }),
    },
    resolve: async (
      record: { id: string },
      args: Args,
      ctx: Context,
      info: GraphQLResolveInfo,
    ): Promise<KeysetConnection<PrismaTypes[Model]['Shape']>> => {
      const { model, of, relation, through } = list;
      const loaded = isWhole(list, args, asked(info)) ? loadedRows(list, record) : null;
      const where = await whereOf(list, args, ctx);
      return keysetConnection(ctx, info, {
        model,
        args,
        ...(through
          ? { where: { AND: [through.below(record.id), where] } }
          : { of: { model: of, id: record.id, relation }, where }),
        orderBy: list.orderBy?.(args) ?? [],
        position: list.position ?? false,
        ...(loaded && { loaded }),
      });
    },
  };
}

function loadedRows<Model extends ModelName, Args extends PageArgs>(
  { relation, through }: ListBelow<Model, Args>,
  record: object,
): Row[] | null {
  const rows: unknown = Reflect.get(record, relation);
  if (!Array.isArray(rows)) return null;
  return through ? rows.map((link: Row) => link[through.record] as Row) : rows;
}

function whereOf<Model extends ModelName, Args extends PageArgs>(
  { plain, where }: ListBelow<Model, Args>,
  args: Args,
  ctx: Context,
): Where | Promise<Where> {
  return where ? where(args, ctx) : (plain?.(args) ?? {});
}

/** Whether the page can be read with its record. The answer is the same before and after ids are decoded. */
function isWhole<Model extends ModelName, Args extends PageArgs>(
  { plain, position }: ListBelow<Model, Args>,
  args: Args,
  names: ReadonlySet<string>,
): boolean {
  const isRead = ['edges', 'nodes', 'pageInfo'].some((name) => names.has(name));
  return isRead && !(position && names.has('position')) && plain?.(args) !== null;
}

function selectionOf<Model extends ModelName, Args extends PageArgs>(
  list: ListBelow<Model, Args>,
  args: Args,
  ctx: Context,
  nested: Nested,
  names: ReadonlySet<string>,
): Row | null {
  if (!isWhole(list, args, names)) return null;
  const query = queryOf(list, args, ctx, names);
  if (!query) return null;
  const { columns, ...page } = query;
  const { through, relation } = list;
  const include = { getType: () => list.type ?? list.model, paths: NODES };
  const below = nested(through ? {} : page, include);
  const select = below.select ? { select: { ...(below.select as Row), ...columns } } : {};
  if (!through) return { [relation]: { ...below, ...select } };
  const { record } = through;
  const is = page.where.AND.length > 0 ? { is: page.where } : {};
  return {
    [relation]: {
      where: { AND: [through.where, { [record]: { isNot: null, ...is } }] },
      orderBy: page.orderBy.map((step) => ({ [record]: step })),
      take: page.take,
      select: { [record]: { ...below, ...select } },
    },
  };
}

/** Null for arguments that are refused: the field itself says so, in its place. */
function queryOf<Model extends ModelName, Args extends PageArgs>(
  list: ListBelow<Model, Args>,
  args: Args,
  ctx: Context,
  names: ReadonlySet<string>,
) {
  try {
    const { organizationId } = viewerOf(ctx);
    const order = orderOf(list.model, list.orderBy?.(args) ?? [], organizationId);
    const page = readPage(args, order);
    return {
      where: {
        AND: [list.plain?.(args) ?? {}, keysetWhere(order, page)].filter(
          (condition) => Object.keys(condition).length > 0,
        ),
      },
      orderBy: orderByClause(order, page.backward),
      // One more than the page tells whether there are more.
      take: page.size + (names.has('pageInfo') ? 1 : 0),
      columns: Object.fromEntries(order.columns.map(({ field }) => [field, true])),
    };
  } catch (error) {
    if (error instanceof NamedError) return null;
    throw error;
  }
}
