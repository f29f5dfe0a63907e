import { checkDelivery } from './kit.ts';
import { musterAdapter } from './muster.ts';

// The others share frames, as a node does unless told otherwise.
const adapter = await musterAdapter(2, { WAKEUP: 'process', SHARED_FRAMES: '0' });

checkDelivery(
  'two nodes that hear of each other by their poll alone, and share nothing',
  () => adapter,
);
