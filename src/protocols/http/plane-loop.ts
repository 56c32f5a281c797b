import type { ThreadWork } from '../../os/thread-loop.ts';
import type { PlaneOrder, PlaneTidings } from './plane-messages.ts';
import { PlaneServing, type PlaneServingNeeds } from './plane-serving.ts';

/** How often connections are looked at for the times that they may take. */
const CHECK_EVERY_MS = 1_000;

/** What a thread of the HTTP plane does. */
export function httpWork(needs: PlaneServingNeeds): ThreadWork<PlaneOrder, PlaneTidings> {
  const serving = new PlaneServing(needs);
  return {
    checkEveryMs: CHECK_EVERY_MS,
    onReady: (fd) => serving.onReady(fd),
    obey: (order) => obey(serving, order),
    checkTimes: (nowMs) => serving.checkTimes(nowMs),
    get dueMs() {
      return serving.tidings.dueMs;
    },
    take: () => serving.tidings.take(serving.doors),
    free: () => serving.free(),
  };
}

function obey(serving: PlaneServing, order: PlaneOrder): 'go on' | 'stop' {
  switch (order.do) {
    case 'serve':
      serving.serve(order.door, order.serve);
      break;
    case 'answer':
      serving.onAnswer(order.question, order.answer);
      break;
    case 'leave':
      serving.leave(order.door);
      break;
    case 'drop':
      serving.drop(order.door);
      break;
    case 'stop':
      return 'stop';
    default:
      order satisfies never;
  }
  return 'go on';
}
