import { objectionToImage } from '../core/images/image-condition.ts';
import { SAMPLE_EVERY_MS } from '../services/throughput.ts';
import type { ApiNeeds } from './api-needs.ts';
import type { Handlers } from './handler.ts';
import { done } from './problems.ts';
import { policyToContract, timeText } from './to-contract.ts';

type ServerRoutes = 'getStatus' | 'getThroughput' | 'getPolicy' | 'changePolicy' | 'listLoaders';

/** Of the server itself: how it is, what holds for every machine, which loaders it has. */
export function serverHandlers(needs: ApiNeeds): Pick<Handlers, ServerRoutes> {
  const { policy, loaders } = needs;
  return {
    getStatus: async () => ({
      version: needs.version,
      startedAt: timeText(needs.startedAtMs),
      ...(await needs.status()),
      counts: await counts(needs),
      warnings: await warnings(needs),
    }),
    getThroughput: async () => ({
      everySeconds: SAMPLE_EVERY_MS / 1000,
      samples: needs.throughput.samples.map(({ atMs, bytesPerSecond }) => ({
        at: timeText(atMs),
        ...bytesPerSecond,
      })),
    }),
    getPolicy: async () => policyToContract(await policy.get()),
    changePolicy: async ({ input }) => policyToContract(done(await policy.change(input)).policy),
    listLoaders: async () => ({ items: [...(await loaders.find())] }),
  };
}

/** What is wrong with images, which nothing else tells before machines are to boot them, and what is not installed here. */
async function warnings({ images, imageArrivals, power }: ApiNeeds): Promise<string[]> {
  const ofImages = (await images.list()).flatMap((image) => objectionToImage(image) ?? []);
  const missing = (await power.list()).flatMap(({ trouble }) =>
    trouble?.kind === 'missing' ? `power: ${trouble.because}` : [],
  );
  const failed = imageArrivals.list().filter(({ state }) => state === 'failed');
  return [
    ...ofImages,
    ...new Set(missing),
    ...failed.map(
      ({ arrival }) => `disc image ${arrival.fileName} does not get here: ${arrival.failed ?? ''}`,
    ),
  ];
}

async function counts({
  machines,
  installs,
  events,
}: ApiNeeds): Promise<{ machines: number; openInstalls: number; droppedEvents: number }> {
  const [known, open] = await Promise.all([machines.list(), installs.listOpen()]);
  return { machines: known.length, openInstalls: open.length, droppedEvents: events.dropped };
}
