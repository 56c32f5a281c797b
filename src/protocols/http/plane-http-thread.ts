import { keptThreadBody } from '../../os/kept-thread-body.ts';
import { ThreadLoop } from '../../os/thread-loop.ts';
import type { PlaneOrder, PlaneTidings } from './plane-messages.ts';
import { PlaneServing } from './plane-serving.ts';

/** A thread of the HTTP plane. `plane.ts` starts it. */
const body = keptThreadBody<PlaneOrder, PlaneTidings>('HTTP plane');
const date = (): string => new Date().toUTCString();
new ThreadLoop(body, (needs) => new PlaneServing({ ...needs, date })).run();
