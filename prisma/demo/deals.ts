import { createProduct } from '../../src/domains/catalog/service.ts';
import { createFunnel } from '../../src/domains/funnels/funnel-service.ts';
import { createOpportunity } from '../../src/domains/funnels/service.ts';
import {
  loseOpportunity,
  moveOpportunity,
  winOpportunity,
} from '../../src/domains/funnels/transitions.ts';
import * as content from './content.ts';
import type { DemoCustomer } from './customers.ts';
import type { Staff } from './people.ts';
import type { Random } from './random.ts';
import type { Timeline } from './timeline.ts';

/** What is sold and how, known once the timeline has begun. */
export interface Catalogue {
  productIds: string[];
  funnels: Record<keyof typeof content.FUNNELS, { id: string; open: string[] }>;
}

export async function openShop(line: Timeline, staff: Staff): Promise<Catalogue> {
  const { db } = line;
  const productIds: string[] = [];
  for (const product of content.PRODUCTS) {
    const { id } = await createProduct(db, staff.admin, {
      ...product,
      aliases: [...product.aliases],
    });
    productIds.push(id);
  }
  const funnel = async (key: keyof typeof content.FUNNELS) => {
    const { id } = await createFunnel(db, staff.admin, content.FUNNELS[key]);
    const stages = await db.prisma.stage.findMany({
      where: { organizationId: staff.organizationId, funnelId: id, kind: 'OPEN' },
      orderBy: { ordinal: 'asc' },
    });
    return { id, open: stages.map((stage) => stage.id) };
  };
  return {
    productIds,
    funnels: { private: await funnel('private'), company: await funnel('company') },
  };
}

const WON_TODAY = 5;

/** Deals of all stages and outcomes; some are won today. */
export function planDeals(
  line: Timeline,
  random: Random,
  shop: Catalogue,
  customers: readonly DemoCustomer[],
): void {
  const old = customers.filter(({ since }) => since >= 3);
  const wonToday = new Set<DemoCustomer>();
  while (wonToday.size < WON_TODAY) wonToday.add(random.pick(old));
  for (const customer of customers) {
    const count = customer.since > 25 ? 2 : 1;
    for (let done = 0; done < count; done += 1) {
      const winsToday = done === 0 && wonToday.has(customer);
      planDeal(line, random, shop, customer, winsToday);
    }
  }
}

function planDeal(
  line: Timeline,
  random: Random,
  shop: Catalogue,
  customer: DemoCustomer,
  winsToday: boolean,
): void {
  const { owner, isCompany, since, name } = customer;
  const at = random.pick<number>(isCompany ? content.COMPANY_PRODUCTS : content.PRIVATE_PRODUCTS);
  const product = content.PRODUCTS[at];
  const funnel = shop.funnels[isCompany ? 'company' : 'private'];
  const amount = String(Number(product?.listPrice) * random.between(1, isCompany ? 6 : 4));
  const openedAgo = winsToday ? since : Math.floor(since * random.next());
  const outcome = winsToday ? 'WON' : random.pick(['WON', 'WON', 'LOST', 'OPEN', 'OPEN'] as const);
  const isKnown = outcome !== 'OPEN' || random.chance(0.85);
  const deal = { id: '' };
  line.at(line.moment(openedAgo, 0.3), async () => {
    ({ id: deal.id } = await createOpportunity(line.db, owner.viewer, {
      name: `${name} ${product?.name}`,
      funnelId: funnel.id,
      customerId: customer.id,
      productId: shop.productIds[at],
      amount: isKnown ? amount : null,
      expectedCloseOn: null,
    }));
  });
  const closes = outcome !== 'OPEN';
  const last = closes ? funnel.open.length - 1 : random.between(0, funnel.open.length - 1);
  const closedAgo = winsToday ? 0 : Math.floor(openedAgo * random.next());
  for (let stage = 1; stage <= last; stage += 1) {
    const daysAgo = Math.round(openedAgo - ((openedAgo - closedAgo) * stage) / (last + 1));
    const stageId = funnel.open[stage] ?? '';
    line.at(line.moment(daysAgo, 0.3 + 0.08 * stage), () =>
      moveOpportunity(line.db, owner.viewer, { id: deal.id, stageId }),
    );
  }
  const closing = line.moment(closedAgo, 0.65 + 0.3 * random.next());
  const reason = random.pick(content.LOSS_REASONS);
  if (outcome === 'WON') {
    line.at(closing, () => winOpportunity(line.db, owner.viewer, { id: deal.id }));
  } else if (outcome === 'LOST') {
    line.at(closing, () => loseOpportunity(line.db, owner.viewer, { id: deal.id, reason }));
  }
}
