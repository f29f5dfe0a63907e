import { checkDelivery } from './kit.ts';
import { musterAdapter } from './muster.ts';

const adapter = await musterAdapter(1, { WAKEUP: 'process' });

checkDelivery('one node', () => adapter);
