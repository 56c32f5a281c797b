import { estimateEnd } from '../core/waves/estimate-end.ts';
import { withoutUndefined } from '../lib/without-undefined.ts';
import { formatWavePlace, parseWavePlace } from '../core/waves/wave-page.ts';
import { countOf, type WaveMember, type WaveWithMembers } from '../core/waves/wave.ts';
import type { ApiNeeds } from './api-needs.ts';
import type { Handlers } from './handler.ts';
import { namesById } from './machine-names.ts';
import { readField } from './pages.ts';
import { ApiProblem, done, found } from './problems.ts';
import { readSelector } from './read-selector.ts';
import { timeText } from './to-contract.ts';

type WaveRoutes =
  | 'listWaves'
  | 'addWave'
  | 'getWave'
  | 'pauseWave'
  | 'resumeWave'
  | 'cancelWave'
  | 'deleteWave';

/** What the timeline says where nobody said why. */
const BY_SOMEBODY = 'somebody asked for it';

export function waveHandlers({ waves, machines, clock }: ApiNeeds): Pick<Handlers, WaveRoutes> {
  const whole = async (one: WaveWithMembers) => {
    const names = await namesById(
      machines,
      one.members.map(({ machineId }) => machineId),
    );
    return {
      ...waveToContract(one, clock.nowMs()),
      members: one.members.map((member) => memberToContract(member, names.get(member.machineId))),
    };
  };
  return {
    listWaves: async ({ query: { after, ...query } }) => {
      const place = after === undefined ? {} : { after: readField('after', () => parseWavePlace(after)) };
      const page = await waves.page({ ...query, ...place });
      return {
        items: page.waves.map((one) => waveToContract(one, clock.nowMs())),
        ...(page.next === undefined ? {} : { next: formatWavePlace(page.next) }),
      };
    },
    addWave: async ({ input: { machines: references, selector, confirmErase, ...draft } }) => {
      const named = await Promise.all(
        references.map(async (reference) => found(await machines.find(reference), 'machine', reference)),
      );
      const chosen = selector === undefined ? [] : await machines.choose(readSelector(selector));
      if (selector !== undefined && chosen.length === 0)
        throw new ApiProblem('refused', `no machine has labels such as ${selector}`);
      return await whole(
        done(
          await waves.create(
            draft,
            [...named, ...chosen.map(({ machine }) => machine)],
            confirmErase === true ? 'confirmed' : 'asked',
          ),
        ),
      );
    },
    getWave: async ({ params: { name } }) => await whole(found(await waves.byName(name), 'wave', name)),
    pauseWave: async ({ params: { name }, input: { because = BY_SOMEBODY } }) =>
      await whole(done(await waves.pause(name, because))),
    resumeWave: async ({ params: { name } }) => await whole(done(await waves.resume(name))),
    cancelWave: async ({ params: { name }, input: { because = BY_SOMEBODY, underWay } }) =>
      await whole(done(await waves.cancel(name, underWay, because))),
    deleteWave: async ({ params: { name } }) => {
      done(await waves.remove(name));
    },
  };
}

function memberToContract(member: WaveMember, name: string | undefined) {
  const { machineId, state, installId, startedAtMs, endedAtMs, because, confirmed } = member;
  return withoutUndefined({
    machine: name ?? machineId,
    machineId,
    state,
    installId,
    startedAt: startedAtMs === undefined ? undefined : timeText(startedAtMs),
    endedAt: endedAtMs === undefined ? undefined : timeText(endedAtMs),
    because,
    confirmed: confirmed && [...confirmed],
  });
}

function waveToContract({ wave, members }: WaveWithMembers, nowMs: number) {
  const { createdAtMs, changedAtMs, ...rest } = wave;
  const endMs = estimateEnd({ wave, members }, nowMs);
  return {
    ...rest,
    counts: {
      waiting: countOf(members, 'waiting'),
      started: countOf(members, 'started'),
      installed: countOf(members, 'installed'),
      failed: countOf(members, 'failed'),
      cancelled: countOf(members, 'cancelled'),
    },
    ...(endMs === undefined ? {} : { estimatedEndAt: timeText(endMs) }),
    createdAt: timeText(createdAtMs),
    changedAt: timeText(changedAtMs),
  };
}
