import { checkDelivery } from './kit.ts';
import { musterAdapter } from './muster.ts';

const adapter = await musterAdapter(1, { WAKEUP: 'process', SHARED_FRAMES: '0' });

checkDelivery('one node without groups', () => adapter);
