import type { ApiNeeds } from './api-needs.ts';
import type { Handlers } from './handler.ts';
import { ApiProblem, done, expectSameName, found } from './problems.ts';
import { imageToContract, profileToContract } from './to-contract.ts';

type ImageRoutes =
  | 'listImages'
  | 'addImage'
  | 'getImage'
  | 'deleteImage'
  | 'listProfiles'
  | 'getProfile'
  | 'putProfile'
  | 'deleteProfile'
  | 'renderProfile';

/** What is installed, and how. */
export function imageHandlers({ images, profiles, machines }: ApiNeeds): Pick<Handlers, ImageRoutes> {
  return {
    listImages: async () => ({ items: (await images.list()).map(imageToContract) }),
    addImage: async ({ input }) => {
      const result = await images.add(input);
      if (!result.added) throw new ApiProblem('refused', result.because);
      const { image, note } = result;
      return { ...imageToContract(image), ...(note === undefined ? {} : { note }) };
    },
    getImage: async ({ params: { name } }) =>
      imageToContract(found(await images.byName(name), 'image', name)),
    deleteImage: async ({ params: { name } }) => {
      found(await images.byName(name), 'image', name);
      const result = await images.remove(name);
      if (!result.removed) throw new ApiProblem('refused', result.because);
    },
    listProfiles: async () => ({ items: (await profiles.list()).map(profileToContract) }),
    getProfile: async ({ params: { name } }) =>
      profileToContract(found(await profiles.byName(name), 'profile', name)),
    putProfile: async ({ params: { name }, input }) => {
      expectSameName(name, input.name);
      return profileToContract(done(await profiles.put({ ...input, name })).profile);
    },
    deleteProfile: async ({ params: { name } }) => {
      done(await profiles.remove(name));
    },
    renderProfile: async ({ params: { name }, query }) => {
      const machine = found(await machines.find(query.machine), 'machine', query.machine);
      return done(await profiles.preview(name, machine));
    },
  };
}
