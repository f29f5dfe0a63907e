// A question as a GraphQL operation.
import type { Figure, Filter, Question, Shape } from './question.ts';

export interface Operation {
  document: string;
  variables: Record<string, unknown>;
}

const RECORDS =
  /^(OWNER|CREDITED_TO|CUSTOMER|PRODUCT|FUNNEL|STAGE|.*_TEAM|MEMBER|TEAM|AUTHOR|ASSIGNEE|CREATOR|HOST|KIND_OF_MEETING|PARTICIPANT|OPPORTUNITY|METRIC)$/;

export const camelCase = (name: string): string =>
  name.toLowerCase().replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());

/** The figure's name in the enum of measures. */
export const measureName = (figure: Figure): string =>
  figure.kind === 'COUNT' || figure.kind === 'RATIO'
    ? figure.kind
    : 'field' in figure && figure.kind !== 'DISTINCT'
      ? `${figure.field}_${figure.kind}`
      : `DISTINCT_${'field' in figure ? figure.field : ''}`;

export function operationOf(question: Question, shape: Shape): Operation {
  const variables: Record<string, unknown> = {};
  const declared: string[] = [];
  const filter = (value: Filter | null): string | null => {
    if (value === null) return null;
    const name = `w${declared.length}`;
    declared.push(`$${name}: ${shape.filterType}!`);
    variables[name] = value;
    return `$${name}`;
  };
  const call = (args: Record<string, string | null>): string => {
    const given = Object.entries(args).filter(([, value]) => value !== null);
    return given.length > 0
      ? `(${given.map(([name, value]) => `${name}: ${value}`).join(', ')})`
      : '';
  };
  const figureText = (figure: Figure, i: number): string => {
    const where = filter(figure.where);
    if (figure.kind === 'COUNT') return `f${i}: count${call({ where })}`;
    if (figure.kind === 'RATIO' && 'to' in figure) {
      return `f${i}: ratio${call({ of: where, to: filter(figure.to) })}`;
    }
    const field = 'field' in figure ? figure.field : '';
    if (figure.kind === 'DISTINCT') return `f${i}: distinct${call({ field, where })}`;
    const p = 'p' in figure && figure.kind === 'PERCENTILE' ? `${figure.p}` : null;
    return `f${i}: ${shape.decimals[field]}${call({ where })} { v: ${figure.kind.toLowerCase()}${call({ p })} }`;
  };
  const figures = question.figures.map(figureText).join(' ');
  const named = (index: number): Record<string, string | null> => {
    const figure = question.figures[index] as Figure;
    return {
      measure: measureName(figure),
      where: filter(figure.where),
      to: 'to' in figure ? filter(figure.to) : null,
      p: 'p' in figure && figure.kind === 'PERCENTILE' ? `${figure.p}` : null,
    };
  };
  const inBraces = (args: Record<string, string | null>) => `{ ${call(args).slice(1, -1)} }`;
  const args = call({
    where: filter(question.where),
    period: question.period ? literal(question.period) : null,
    periodOf: question.periodOf,
    timeZone: question.timeZone ? JSON.stringify(question.timeZone) : null,
    compareTo: question.compareTo,
    groupBy:
      question.groupBy.length > 0
        ? `[${question.groupBy.map(({ field, by, bands }) => inBraces({ field, by: by ?? null, bands: bands ? JSON.stringify(bands) : null })).join(', ')}]`
        : null,
    teams: question.teams,
    rollup: `${question.rollup}`,
    fillGaps: `${question.fillGaps}`,
    having: list(
      question.having.map(({ figure, sign, value }) =>
        inBraces({ ...named(figure), [sign]: JSON.stringify(value) }),
      ),
    ),
    orderBy: list(
      question.orderBy.map(({ figure, key, direction }) =>
        inBraces({
          ...(key === undefined
            ? named(figure ?? 0)
            : { key: question.groupBy[key]?.field ?? null }),
          direction,
        }),
      ),
    ),
    first: `${question.first}`,
    others: `${question.others}`,
  });
  const key = `key { ${question.groupBy.map(({ field, by, bands }) => keyText(field, by, bands)).join(' ')} }`;
  const compared = question.compareTo
    ? `previous { ${figures} } difference { ${figures} } percent { ${figures} }`
    : '';
  const row = `${question.groupBy.length > 0 ? key : ''} ${figures} ${compared}`;
  const { only } = question;
  const parts = [
    only === 'totals'
      ? ''
      : `groupCount pageInfo { hasNextPage }
    groups { ${row} ${derivedText(question, named, call)} }`,
    only === 'all' ? `others { ${figures} ${compared} } subtotals { level ${row} }` : '',
    only === 'groups' ? '' : `totals { ${figures} ${compared} }`,
  ];
  const document = `{ answer: ${shape.field}${args} { ${parts.join(' ')} } }`;
  const head = declared.length > 0 ? `query (${declared.join(', ')}) ` : '';
  return { document: head + document, variables };
}

const list = (parts: string[]): string | null =>
  parts.length > 0 ? `[${parts.join(', ')}]` : null;

/** Enum values stand alone, days in quotation marks. */
function literal(value: unknown): string {
  if (typeof value === 'string') return /^\d/.test(value) ? JSON.stringify(value) : value;
  const parts = Object.entries(value as object).map(
    ([name, inner]) => `${name}: ${literal(inner)}`,
  );
  return `{ ${parts.join(', ')} }`;
}

function keyText(field: string, by?: string, bands?: string[]): string {
  const name = camelCase(field);
  if (by) return `${name} { number from start }`;
  if (bands) return `${name} { from below }`;
  return RECORDS.test(field) ? `${name} { id }` : name;
}

/** Shares and running totals are of the first figure, where that adds up; ranks of any. */
export const isAdditive = ({ kind }: Figure): boolean => kind === 'COUNT' || kind === 'SUM';

export const runningKey = ({ groupBy, running }: Question): number =>
  running ? groupBy.findIndex(({ by }) => by && by !== 'DAY_OF_WEEK' && by !== 'HOUR_OF_DAY') : -1;

function derivedText(
  question: Question,
  named: (figure: number) => Record<string, string | null>,
  call: (args: Record<string, string | null>) => string,
): string {
  const [figure] = question.figures;
  if (!figure) return '';
  const of = () => {
    const { measure = null, ...rest } = named(0);
    return { of: measure, ...rest };
  };
  const adds = isAdditive(figure);
  const over = runningKey(question);
  const parts: string[] = [];
  if (question.share && adds) parts.push(`share${call({ ...of(), to: null, p: null })}`);
  if (over >= 0 && adds) {
    const field = question.groupBy[over]?.field ?? '';
    parts.push(`running${call({ ...of(), to: null, p: null, over: field })}`);
  }
  if (question.rank) {
    const { within, direction } = question.rank;
    const fields = within.map((i) => question.groupBy[i]?.field);
    parts.push(`rank${call({ ...of(), within: `[${fields.join(', ')}]`, direction })}`);
  }
  return parts.join(' ');
}
