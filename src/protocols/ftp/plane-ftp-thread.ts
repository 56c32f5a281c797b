import { keptThreadBody } from '../../os/kept-thread-body.ts';
import { ThreadLoop } from '../../os/thread-loop.ts';
import { PlaneLinks } from './plane-links.ts';
import type { PlaneOrder, PlaneTidings } from './plane-messages.ts';

/** A thread of the FTP plane. `plane.ts` starts it. */
const body = keptThreadBody<PlaneOrder, PlaneTidings>('FTP plane');
new ThreadLoop(body, (needs) => new PlaneLinks(needs)).run();
