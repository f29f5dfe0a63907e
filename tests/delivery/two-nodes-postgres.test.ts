import { checkDelivery } from './kit.ts';
import { musterAdapter } from './muster.ts';

const adapter = await musterAdapter(2, { WAKEUP: 'postgres' });

checkDelivery('two nodes that wake each other through PostgreSQL', () => adapter);
