import type { Query, QueryClient } from '@tanstack/react-query';
import type { WireEvent } from '../../../src/contract/events.ts';
import type { RouteName } from '../../../src/contract/routes.ts';
import { liveEvents } from './live-events.ts';

/**
 * Which answers are not true any more when something happens, by how the kind of the event begins. Add a row here where
 * a page shows an answer that events change.
 */
const REFRESHED_BY: readonly (readonly [begins: string, routes: readonly RouteName[]])[] = [
  ['install.progressed', ['getInstallProgress']],
  [
    'install.',
    [
      'listInstalls',
      'listMachines',
      'getInstall',
      'getInstallProgress',
      'explainMachine',
      'getStatus',
      'renderMachine',
    ],
  ],
  ['boot.decided', ['explainMachine']],
  ['machine.', ['listMachines', 'getMachine', 'factsOfMachine', 'getStatus']],
  ['image.', ['listImages', 'getImage', 'listArrivals', 'getStatus']],
  ['mirror.', ['listMirrors']],
  ['wave.', ['listWaves', 'getWave']],
  ['power.', ['getPower', 'listPower', 'getMachine']],
  ['dhcp.pool', ['getStatus']],
  ['dhcp.acknowledged', ['listLeases']],
  ['dhcp.released', ['listLeases']],
  ['dhcp.declined', ['listLeases']],
  ['server.', ['getStatus']],
  ['hook.', ['listHooks', 'listDeliveries']],
  [
    'site.applied',
    [
      'listMachines',
      'listSubnets',
      'listProfiles',
      'listGroups',
      'listSnippets',
      'listHooks',
      'getPolicy',
      'getStatus',
    ],
  ],
];

/** The same answer is asked for again at most this often, however much happens. */
const AT_MOST_EVERY_MS = 2_000;

/**
 * Keeps what is shown true: what an event makes stale is asked for again, where somebody looks at it. All of it is where
 * events were missed, and where the stream was not open: what happened before that is told by no event, and what could
 * not be read while the server was away can be.
 */
export function refreshByEvents(client: QueryClient): () => void {
  const stale = new Set<RouteName>();
  let timer: number | undefined;
  const flush = (): void => {
    timer = undefined;
    for (const route of stale) void client.invalidateQueries({ queryKey: [route] });
    stale.clear();
  };
  const stop = liveEvents.listen((batch) => {
    for (const event of batch) for (const route of staleAfter(event)) stale.add(route);
    if (stale.size > 0) timer ??= window.setTimeout(flush, AT_MOST_EVERY_MS);
  });
  const stopMissed = liveEvents.onMissed(() => void client.invalidateQueries());
  const stopLiveness = liveEvents.onLiveness(() => {
    if (liveEvents.liveness === 'live') void client.invalidateQueries({ predicate: isAnswered });
  });
  return () => {
    stop();
    stopMissed();
    stopLiveness();
    window.clearTimeout(timer);
  };
}

/** What is still on its way is not asked for twice. */
function isAnswered({ state }: Query): boolean {
  return state.status !== 'pending';
}

/** The first row that fits wins. */
function staleAfter({ kind }: WireEvent): readonly RouteName[] {
  return REFRESHED_BY.find(([begins]) => kind.startsWith(begins))?.[1] ?? [];
}
