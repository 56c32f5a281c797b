import { keptThreadBody } from '../../os/kept-thread-body.ts';
import { ThreadLoop } from '../../os/thread-loop.ts';
import type { PlaneOrder, PlaneTidings } from './plane-messages.ts';
import { PlaneServing } from './plane-serving.ts';

/** The thread of the NFS plane. `plane.ts` starts it. */
const body = keptThreadBody<PlaneOrder, PlaneTidings>('NFS plane');
new ThreadLoop(body, (needs) => new PlaneServing(needs)).run();
