import type { z } from 'zod';
import type { Mirror } from '../contract/mirror-schemas.ts';
import { DEFAULT_MAX_BYTES } from '../core/mirrors/mirror.ts';
import type { MirrorState } from '../services/mirrors/mirror-state.ts';
import type { ApiNeeds } from './api-needs.ts';
import type { Handlers } from './handler.ts';
import { done, found } from './problems.ts';
import { timeText } from './to-contract.ts';

type MirrorRoutes =
  | 'listMirrors'
  | 'addMirror'
  | 'getMirror'
  | 'changeMirror'
  | 'deleteMirror'
  | 'refreshMirror'
  | 'checkMirror';

/** Package repositories elsewhere. */
export function mirrorHandlers({ mirrors }: Pick<ApiNeeds, 'mirrors'>): Pick<Handlers, MirrorRoutes> {
  return {
    listMirrors: () => Promise.resolve({ items: mirrors.list().map(mirrorToContract) }),
    addMirror: async ({ input: { maxBytes = DEFAULT_MAX_BYTES, ...rest } }) =>
      mirrorToContract(done(await mirrors.add({ ...rest, maxBytes })).state),
    getMirror: ({ params: { name } }) =>
      Promise.resolve(mirrorToContract(found(mirrors.byName(name), 'mirror', name))),
    changeMirror: async ({ params: { name }, input }) =>
      mirrorToContract(done(await mirrors.change(name, input)).state),
    deleteMirror: async ({ params: { name } }) => {
      done(await mirrors.remove(name));
    },
    refreshMirror: async ({ params: { name } }) => ({
      items: [...done(await mirrors.refresh(name)).refreshed],
    }),
    checkMirror: async ({ params: { name } }) => mirrorToContract(done(await mirrors.check(name)).state),
  };
}

function mirrorToContract(state: MirrorState): z.input<typeof Mirror> {
  const { mirror, kept, counts, fetching, refreshedAtMs, unreachable, unreadable, check } = state;
  const { addedAtMs, ...rest } = mirror;
  return {
    ...rest,
    path: `/mirrors/${mirror.name}/`,
    addedAt: timeText(addedAtMs),
    files: kept.files,
    bytes: kept.bytes,
    unverifiedFiles: kept.unverified,
    fetching,
    ...(refreshedAtMs === undefined ? {} : { refreshedAt: timeText(refreshedAtMs) }),
    ...(unreachable === undefined
      ? {}
      : { unreachable: { since: timeText(unreachable.sinceMs), because: unreachable.because } }),
    unreadable: Array.from(unreadable, ([file, because]) => ({ file, because })),
    requests: Object.fromEntries(counts.requests.counts),
    unverified: counts.unverified,
    mismatches: counts.mismatches,
    sentBytes: counts.sentBytes,
    fetchedBytes: counts.fetchedBytes,
    ...(check === undefined ? {} : { check: checkToContract(check) }),
  };
}

function checkToContract({ endedAtMs, ...rest }: NonNullable<MirrorState['check']>) {
  return { ...rest, ...(endedAtMs === undefined ? {} : { endedAt: timeText(endedAtMs) }) };
}
