// Who sees what, in plain code over the rows: an account of the data scopes that shares nothing with the product's.

import type { Rows } from './rows.ts';
import type { World } from './world.ts';
import type { PersonName } from './world-company.ts';
import { PEOPLE } from './world-company.ts';

type Row = Record<string, string | null>;

export class Oracle {
  readonly #tables = new Map<string, Row[]>();
  readonly #byId = new Map<string, Row>();
  readonly #self: string;
  readonly #scope: string;
  /** Whose records the data scope covers. */
  readonly #covered: ReadonlySet<string>;

  constructor(world: World, rows: Rows, person: PersonName) {
    for (const [table, lines] of rows) {
      const parsed = lines.map((line) => JSON.parse(line) as Row);
      this.#tables.set(table, parsed);
      for (const row of parsed) if (row.id) this.#byId.set(row.id, row);
    }
    this.#self = world.people[person].memberId;
    this.#scope = PEOPLE[person].scope;
    this.#covered = this.#coveredMembers();
  }

  /** Whether a record of a type is there for this person. */
  sees(type: string, id: string): boolean {
    const rule = RULES[type];
    if (!rule) {
      throw new Error(`Say in RULES of tests/isolation/oracle.ts who sees a ${type}.`);
    }
    const row = this.#byId.get(id);
    return row !== undefined && rule(this, row);
  }

  /** Whether a field of a record that is there is shown. */
  seesField(field: string, id: string): boolean {
    return !PERSONAL.has(field) || this.covers(id);
  }

  static knows(type: string): boolean {
    return type in RULES;
  }

  covers(member: string | null | undefined): boolean {
    return this.#scope === 'ORGANIZATION' || (member != null && this.#covered.has(member));
  }

  isSelf = (member: string | null | undefined): boolean => member === this.#self;

  row = (id: string | null | undefined): Row | undefined => this.#byId.get(id ?? '');

  rows = (table: string): Row[] => this.#tables.get(table) ?? [];

  /** Of dated rows: those that hold now. */
  present = (table: string): Row[] => this.rows(table).filter(({ until }) => until === null);

  #coveredMembers(): Set<string> {
    if (this.#scope === 'OWN') return new Set([this.#self]);
    const [members, leaders] = [this.present('membership'), this.present('team_leadership')];
    const own = [...members, ...leaders].filter(({ member_id }) => this.isSelf(member_id));
    const teams = new Set(own.map(({ team_id }) => team_id));
    const isTree = this.#scope === 'TEAM_TREE';
    const below = new Set<string | null | undefined>();
    for (let size = -1; isTree && size < teams.size; ) {
      size = teams.size;
      for (const { team_id, parent_id } of this.present('team_parentage')) {
        if (!teams.has(parent_id)) continue;
        teams.add(team_id);
        below.add(team_id);
      }
    }
    return new Set([
      this.#self,
      ...members
        .filter(({ team_id }) => teams.has(team_id))
        .map(({ member_id }) => member_id ?? ''),
      ...leaders
        .filter(({ team_id }) => below.has(team_id))
        .map(({ member_id }) => member_id ?? ''),
    ]);
  }
}

type Rule = (oracle: Oracle, row: Row) => boolean;

const everybody: Rule = () => true;
const customer: Rule = (oracle, { owner_id }) => oracle.covers(owner_id);
const task: Rule = (oracle, { id, assignee_id, creator_id }) =>
  oracle.covers(assignee_id) ||
  oracle.covers(creator_id) ||
  oracle
    .rows('task_watcher')
    .some(({ task_id, member_id }) => task_id === id && oracle.isSelf(member_id));
const through =
  (rule: Rule, key: string): Rule =>
  (oracle, row) => {
    const parent = oracle.row(row[key]);
    return parent !== undefined && rule(oracle, parent);
  };

const RULES: Record<string, Rule> = {
  AccessToken: (oracle, { member_id }) => oracle.isSelf(member_id),
  Activity: (oracle, row) =>
    oracle.covers(row.author_id) || through(customer, 'customer_id')(oracle, row),
  ChecklistItem: through(task, 'task_id'),
  Comment: (oracle, { record_type, record_id }) => oracle.sees(record_type ?? '', record_id ?? ''),
  Contact: through(customer, 'customer_id'),
  Customer: customer,
  Funnel: everybody,
  Leaderboard: (_, { audience }) => audience === 'ORGANIZATION',
  Meeting: (oracle, { id }) =>
    oracle
      .rows('invitation')
      .some(({ meeting_id, member_id }) => meeting_id === id && oracle.covers(member_id)),
  MeetingKind: everybody,
  Member: everybody,
  Metric: everybody,
  Opportunity: (oracle, { owner_id }) => oracle.covers(owner_id),
  Organization: everybody,
  PeriodClosing: everybody,
  Product: everybody,
  Stage: everybody,
  Target: (oracle, { member_id, team_id }) =>
    oracle.covers(member_id) ||
    ['membership', 'team_leadership'].some((table) =>
      oracle
        .present(table)
        .some((stay) => team_id && stay.team_id === team_id && oracle.covers(stay.member_id)),
    ),
  Task: task,
  Team: everybody,
  WorkingDayException: everybody,
};

/** Of members: what only those know whose data scope covers them. */
const PERSONAL = new Set([
  ...['Member.dataScope', 'Member.deactivatedAt', 'Member.externalId', 'Member.hiredOn'],
]);
