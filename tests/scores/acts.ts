import { type Company, HOUR, setClock } from './company.ts';
import { customerActs } from './customer-acts.ts';
import { dealActs } from './deal-acts.ts';
import { peopleActs } from './people-acts.ts';
import type { Records } from './records.ts';
import type { Act, Step } from './steps.ts';

/** Does one thing to the company and the same to the model. */
export type Doing = (company: Company, records: Records, step: Step) => Promise<unknown>;

const DOINGS: Record<Act, Doing> = { ...dealActs, ...customerActs, ...peopleActs };

export async function act(company: Company, records: Records, step: Step): Promise<void> {
  company.clock.now += step.after * HOUR;
  setClock(company.db, company.clock.now);
  await DOINGS[step.does](company, records, step);
}
