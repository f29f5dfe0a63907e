import { correctScore } from '../../src/domains/leaderboards/service.ts';
import { closePeriod, reopenPeriod } from '../../src/domains/organization/closing.ts';
import { createMember, deactivateMember, moveMember } from '../../src/domains/people/members.ts';
import { createTeam, moveTeam } from '../../src/domains/people/teams.ts';
import type { Doing } from './acts.ts';
import { type Company, DAY, METRICS } from './company.ts';
import { done } from './done.ts';
import { type Entry, NEVER, type Stay } from './model.ts';
import { AMOUNTS, asDate, dayStart, dayText, decimal, momentBack, ONE, pick } from './records.ts';

const MOST_TEAMS = 7;
const MOST_PEOPLE = 10;
const FEWEST_AT_WORK = 3;

/** Why a change of teams cannot be dated to a moment; null: it can. */
function refusedMove(
  { model }: Company,
  stays: Stay[],
  of: string,
  moment: number | undefined,
): string | null {
  if (moment === undefined) return null;
  if (moment < model.lastMove(stays, of)) return 'BeforeLastChange';
  return moment < model.closedBefore ? 'PeriodClosed' : null;
}

/** Scores decide where the past was. */
function refusedByScores(
  { model }: Company,
  moment: number | undefined,
  earned: (entry: Entry) => boolean,
): string | null {
  return moment !== undefined && model.lastScore(earned) >= moment ? 'ScoredSince' : null;
}

/** Whether a team would be under itself at some time from a moment on. */
function comesUnderItself({ model }: Company, team: string, parent: string, moment: number) {
  const changes = model.parents.flatMap(({ from, until }) => [from, until]);
  return [moment, NEVER, ...changes]
    .filter((at) => at >= moment)
    .some((at) => model.teamsFrom(parent, at).includes(team));
}

export const peopleActs = {
  async moveMember(company, _records, { who, what, back }) {
    const { db, admin, model } = company;
    const { id } = pick(model.people, who);
    const teamId = pick([...model.teams.map((team) => team.id), null], what);
    if ((model.chainOf(id, NEVER)[0] ?? null) === teamId) return;
    const moment = momentBack(company, back);
    const refusal =
      refusedMove(company, model.memberships, id, moment) ??
      refusedByScores(company, moment, ({ member }) => member === id);
    const input = { id, teamId, effectiveAt: asDate(moment) ?? null };
    const moved = await done(company, refusal, moveMember(db, admin, input));
    if (moved) model.move(model.memberships, id, teamId, moment ?? moved.from);
  },

  async moveTeam(company, _records, { who, what, back }) {
    const { db, admin, model } = company;
    const { id } = pick(model.teams, who);
    const parentId = pick([...model.teams.map((team) => team.id), null], what);
    if ((model.teamsFrom(id, NEVER)[1] ?? null) === parentId) return;
    const moment = momentBack(company, back);
    const underItself =
      parentId !== null && comesUnderItself(company, id, parentId, moment ?? company.clock.now);
    const refusal =
      refusedMove(company, model.parents, id, moment) ??
      refusedByScores(company, moment, ({ chain }) => chain.includes(id)) ??
      (underItself ? 'TeamCycle' : null);
    const input = { id, parentId, effectiveAt: asDate(moment) ?? null };
    const moved = await done(company, refusal, moveTeam(db, admin, input));
    if (moved) model.move(model.parents, id, parentId, moment ?? moved.from);
  },

  async addMember(company, _records, { what, back }) {
    const { db, admin, model, names } = company;
    if (model.people.length >= MOST_PEOPLE) return;
    const moment = momentBack(company, back);
    const name = `P${model.people.length}`;
    const team = pick(model.teams, what).id;
    const closed = moment !== undefined && moment < model.closedBefore;
    const input = { name, employeeNumber: name, teamId: team, since: asDate(moment) ?? null };
    const added = await done(
      company,
      closed ? 'PeriodClosed' : null,
      createMember(db, admin, input),
    );
    if (!added) return;
    const since = moment ?? added.at;
    model.people.push({ id: added.id, since, until: NEVER, competes: true });
    model.move(model.memberships, added.id, team, since);
    names.set(added.id, name);
  },

  async addTeam(company, _records, { what, back }) {
    const { db, admin, model, names } = company;
    if (model.teams.length >= MOST_TEAMS) return;
    const moment = momentBack(company, back);
    const name = `T${model.teams.length}`;
    const parentId = pick([...model.teams.map((team) => team.id), null], what);
    const closed = moment !== undefined && moment < model.closedBefore;
    const input = { name, parentId, since: asDate(moment) ?? null };
    const added = await done(company, closed ? 'PeriodClosed' : null, createTeam(db, admin, input));
    if (!added) return;
    const since = moment ?? added.at;
    model.teams.push({ id: added.id, since });
    if (parentId) model.move(model.parents, added.id, parentId, since);
    names.set(added.id, name);
  },

  async deactivate(company, _records, { who }) {
    const { db, admin, model } = company;
    const atWork = model.people.filter(({ until, competes }) => until === NEVER && competes);
    if (atWork.length <= FEWEST_AT_WORK) return;
    const person = pick(atWork, who);
    const left = await done(company, null, deactivateMember(db, admin, { id: person.id }));
    person.until = left?.at ?? NEVER;
  },

  async correct(company, _records, { who, what, back }) {
    const { db, admin, model, metrics } = company;
    const metric = pick(METRICS, what % 3);
    const memberId = pick(model.people, who).id;
    const size = pick(AMOUNTS, what) || ONE;
    const amount = what % 2 > 0 ? -size : size;
    const countsAt = momentBack(company, back);
    const corrected = await done(
      company,
      null,
      correctScore(db, admin, {
        ...{ metricId: metrics[metric] ?? '', memberId, amount: decimal(amount) },
        ...{ reason: 'counted anew', countsAt: asDate(countsAt) ?? null },
      }),
    );
    if (!corrected) return;
    model.worth(metric, corrected.id, { member: memberId, at: countsAt ?? corrected.at, amount });
  },

  async closePeriod(company, _records, { back }) {
    const { db, admin, model, clock } = company;
    const day = dayStart(company, momentBack(company, back) ?? clock.now);
    const over = day + DAY <= clock.now;
    const closed = day + DAY <= model.closedBefore;
    const refusal = over ? (closed ? 'PeriodClosed' : null) : 'PeriodNotOver';
    const input = { through: dayText(company, day) };
    if (await done(company, refusal, closePeriod(db, admin, input))) {
      model.closedBefore = day + DAY;
    }
  },

  async reopenPeriod(company, _records, { what, back }) {
    const { db, admin, model, clock } = company;
    const all = what % 3 === 0;
    const day = dayStart(company, momentBack(company, back) ?? clock.now);
    const bound = all ? Number.NEGATIVE_INFINITY : day;
    const refusal = bound >= model.closedBefore ? 'PeriodNotClosed' : null;
    const input = { from: all ? null : dayText(company, day) };
    if (await done(company, refusal, reopenPeriod(db, admin, input))) model.closedBefore = bound;
  },
} satisfies Record<string, Doing>;
