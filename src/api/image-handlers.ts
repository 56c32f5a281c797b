import type { Image } from '../core/images/image.ts';
import type { ApiNeeds } from './api-needs.ts';
import type { Handlers } from './handler.ts';
import { ApiProblem, done, expectSameName, found } from './problems.ts';
import { imageToContract, profileToContract } from './to-contract.ts';

type ImageRoutes =
  | 'listImages'
  | 'addImage'
  | 'getImage'
  | 'deleteImage'
  | 'checkImage'
  | 'listImageTree'
  | 'listProfiles'
  | 'getProfile'
  | 'putProfile'
  | 'deleteProfile';

/** What is installed, and how. */
export function imageHandlers(needs: ApiNeeds): Pick<Handlers, ImageRoutes> {
  const { images, imageChecks, imageContents, imageWatch, profiles } = needs;
  const shown = (image: Image): ReturnType<typeof imageToContract> =>
    imageToContract(image, imageChecks.percentOf(image.name));
  return {
    listImages: async () => ({ items: (await images.list()).map(shown) }),
    addImage: async ({ input }) => {
      const result = await images.add(input);
      if (!result.added) throw new ApiProblem('refused', result.because);
      const { image, note } = result;
      return { ...shown(image), ...(note === undefined ? {} : { note }) };
    },
    getImage: async ({ params: { name } }) => shown(found(await images.byName(name), 'image', name)),
    deleteImage: async ({ params: { name } }) => {
      const image = found(await images.byName(name), 'image', name);
      // Before it is forgotten, so that no look at the folder in between adds it anew.
      await imageWatch.leave(image);
      const result = await images.remove(name);
      if (!result.removed) throw new ApiProblem('refused', result.because);
    },
    checkImage: async ({ params: { name }, input }) =>
      shown(found(await images.checkAgain(name, input), 'image', name)),
    listImageTree: async ({ params: { name }, query: { path = '', after = 0 } }) => {
      const image = found(await images.byName(name), 'image', name);
      const contents = await imageContents.list(image, path, after);
      if (!contents.found) throw new ApiProblem('not-found', contents.because);
      const { entries, next } = contents;
      return { entries: [...entries], ...(next === undefined ? {} : { next }) };
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
  };
}
