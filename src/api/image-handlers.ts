import type { ApiNeeds } from './api-needs.ts';
import type { Handlers } from './handlers.ts';
import { done, expectSameName, found } from './problems.ts';
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
export function imageHandlers({
  images,
  profiles,
  machines,
  answers,
}: ApiNeeds): Pick<Handlers, ImageRoutes> {
  return {
    listImages: async () => ({ items: (await images.list()).map(imageToContract) }),
    addImage: async ({ input }) => imageToContract(done(await images.add(input)).image),
    getImage: async ({ params: { name } }) =>
      imageToContract(found(await images.byName(name), 'image', name)),
    deleteImage: async ({ params: { name } }) => {
      done(await images.remove(name));
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
      const profile = found(await profiles.byName(name), 'profile', name);
      const machine = found(await machines.find(query.machine), 'machine', query.machine);
      return done(await answers.preview(profile, machine));
    },
  };
}
