import { keptThreadBody } from '../../os/kept-thread-body.ts';
import { PlaneLoop } from './plane-loop.ts';
import type { PlaneOrder, PlaneTidings } from './plane-messages.ts';

/** A thread of the TFTP plane. `plane.ts` starts it. */
new PlaneLoop(keptThreadBody<PlaneOrder, PlaneTidings>('TFTP plane')).run();
