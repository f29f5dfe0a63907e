import { logActivity } from '../../src/domains/customers/activities.ts';
import { addContact } from '../../src/domains/customers/contacts.ts';
import { createCustomer } from '../../src/domains/customers/service.ts';
import * as content from './content.ts';
import type { DemoTeam, Person, Staff } from './people.ts';
import type { Random } from './random.ts';
import type { Timeline } from './timeline.ts';

export interface DemoCustomer {
  /** Known once the timeline has run past its creation. */
  id: string;
  name: string;
  isCompany: boolean;
  since: number;
  owner: Person;
}

const PRIVATE_PER_SELLER = 3;

/** Customers with contacts, made over the past months, and what was done with them. */
export function planCustomers(line: Timeline, random: Random, staff: Staff): DemoCustomer[] {
  const customers = [...planPeople(line, random, staff), ...planCompanies(line, random, staff)];
  for (const customer of customers) planActivities(line, random, customer);
  return customers;
}

function planPeople(line: Timeline, random: Random, staff: Staff): DemoCustomer[] {
  const customers: DemoCustomer[] = [];
  for (const team of staff.teams) {
    for (const owner of team.people) {
      for (let count = 0; count < PRIVATE_PER_SELLER; count += 1) {
        const name = random.pick([...content.SURNAMES]) + random.pick(content.GIVEN_NAMES);
        // Some are of this month, for the board of new customers.
        const since = count === 0 ? random.between(0, 20) : random.between(30, 88);
        customers.push(
          planCustomer(line, { owner, name, isCompany: false, since }, () => ({
            kind: 'PERSON',
            industry: random.pick(content.INDUSTRIES),
            region: team.name.slice(0, 2),
            phones: [`138${String(random.between(0, 99_999_999)).padStart(8, '0')}`],
            tags: [random.pick(content.TAGS)],
            grade: random.pick(['A', 'B', 'B', 'C', 'C', 'D'] as const),
            source: random.pick(content.SOURCES),
          })),
        );
      }
    }
  }
  return customers;
}

function planCompanies(line: Timeline, random: Random, staff: Staff): DemoCustomer[] {
  return content.COMPANIES.map(([name, industry, region], index) => {
    const team = staff.teams.find((one) => one.name.startsWith(region)) as DemoTeam;
    const owner = random.pick(team.people);
    const since = index % 4 === 0 ? random.between(0, 12) : random.between(40, 88);
    const customer = planCustomer(line, { owner, name, isCompany: true, since }, () => ({
      kind: 'COMPANY',
      industry,
      region,
      employees: random.between(30, 900),
      annualRevenue: String(random.between(8, 400) * 1_000_000),
      foundedYear: random.between(1995, 2018),
      grade: random.pick(['A', 'B', 'C'] as const),
      source: random.pick(content.SOURCES),
    }));
    for (let count = random.between(1, 2); count > 0; count -= 1) {
      const contact = {
        name: random.pick([...content.SURNAMES]) + random.pick(content.GIVEN_NAMES),
        post: random.pick(content.POSTS),
        role: random.pick(content.BUYING_ROLES),
        phones: [`139${String(random.between(0, 99_999_999)).padStart(8, '0')}`],
      };
      line.at(line.moment(since, 0.2), () =>
        addContact(line.db, owner.viewer, { customerId: customer.id, ...contact }),
      );
    }
    return customer;
  });
}

type Fields = Omit<Parameters<typeof createCustomer>[2], 'name'>;

function planCustomer(
  line: Timeline,
  start: Omit<DemoCustomer, 'id'>,
  fields: () => Fields,
): DemoCustomer {
  const customer = { ...start, id: '' };
  const given = { name: start.name, ...fields() };
  line.at(line.moment(start.since, 0.1), async () => {
    ({ id: customer.id } = await createCustomer(line.db, start.owner.viewer, given));
  });
  return customer;
}

/** Calls more than visits, most of them lately. */
function planActivities(line: Timeline, random: Random, customer: DemoCustomer): void {
  const { owner, since } = customer;
  const count = random.between(2, 4);
  for (let done = 0; done < count; done += 1) {
    const daysAgo = Math.floor(since * random.next() ** 2);
    const kind = random.pick(['CALL', 'CALL', 'CALL', 'VISIT', 'MESSAGE'] as const);
    const result = random.pick(
      kind === 'CALL'
        ? content.CALL_RESULTS
        : kind === 'VISIT'
          ? content.VISIT_RESULTS
          : content.MESSAGE_RESULTS,
    );
    const nextFollowUpAt = random.chance(0.3) ? line.ahead(random.between(1, 10)) : null;
    line.at(line.moment(daysAgo, 0.25 + 0.7 * random.next()), () =>
      logActivity(line.db, owner.viewer, { customerId: customer.id, kind, result, nextFollowUpAt }),
    );
  }
}
