import type { z } from 'zod';
import type { Arrival as WireArrival } from '../contract/image-schemas.ts';
import { withoutUndefined } from '../lib/without-undefined.ts';
import type { ArrivalShown } from '../services/images/arrival-records.ts';
import type { ArrivalBegun, NewArrival } from '../services/images/image-arrivals.ts';
import type { ApiNeeds } from './api-needs.ts';
import type { Handlers } from './handler.ts';
import { ApiProblem, badRequest, found, notFound } from './problems.ts';
import { timeText } from './to-contract.ts';

type ArrivalRoutes = 'listArrivals' | 'addArrival' | 'getArrival' | 'putArrivalBytes' | 'deleteArrival';

/** Disc images on their way here. */
export function arrivalHandlers({ imageArrivals }: ApiNeeds): Pick<Handlers, ArrivalRoutes> {
  return {
    listArrivals: async () => ({ items: imageArrivals.list().map(arrivalToContract) }),
    addArrival: async ({ input: { url, fileName, bytes, sha256, ...image } }, { asker }) => {
      // This computer may reach what the one who asks does not.
      if (url !== undefined && asker?.role !== 'admin')
        throw new ApiProblem(
          'not-permitted',
          'an admin has files loaded from elsewhere: send the file itself',
        );
      const wanted: NewArrival = withoutUndefined({ image, sha256 });
      let begun: ArrivalBegun;
      if (url !== undefined && fileName === undefined && bytes === undefined)
        begun = await imageArrivals.load(url, wanted);
      else if (url === undefined && fileName !== undefined && bytes !== undefined)
        begun = await imageArrivals.receive(fileName, bytes, wanted);
      else throw badRequest([{ path: 'url', message: 'either url is wanted, or fileName and bytes' }]);
      if (!begun.begun) throw new ApiProblem('refused', begun.because);
      return arrivalToContract(begun.shown);
    },
    getArrival: async ({ params: { name } }) =>
      arrivalToContract(found(imageArrivals.byName(name), 'arrival', name)),
    putArrivalBytes: async ({ params: { name }, query: { offset }, input }) => {
      const taken = await imageArrivals.take(name, offset, input);
      if (!taken.taken) throw new ApiProblem('conflict', taken.because);
      return arrivalToContract(taken.shown);
    },
    deleteArrival: async ({ params: { name } }) => {
      if (!(await imageArrivals.cancel(name))) throw notFound('arrival', name);
    },
  };
}

function arrivalToContract(shown: ArrivalShown): z.input<typeof WireArrival> {
  const { arrival, state, here, bytesPerSecond, imageName, note } = shown;
  const { name, way, url, fileName, bytes, failed, startedAtMs } = arrival;
  return {
    name,
    way,
    state,
    fileName,
    here,
    startedAt: timeText(startedAtMs),
    ...withoutUndefined({ url, bytes, bytesPerSecond, note, because: failed, image: imageName }),
  };
}
