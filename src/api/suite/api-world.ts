import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import type { Happening } from '../../services/event-log.ts';
import { BootService } from '../../services/boot/boot-service.ts';
import { ExplainService } from '../../services/boot/explain-service.ts';
import { GroupService } from '../../services/machines/group-service.ts';
import type { InstallLogs } from '../../services/installs/install-logs.ts';
import type { InstallService } from '../../services/installs/install-service.ts';
import { LeaseService } from '../../services/dhcp/lease-service.ts';
import type { MirrorService } from '../../services/mirrors/mirror-service.ts';
import { PolicyService } from '../../services/policy-service.ts';
import type { HookService } from '../../services/hooks/hook-service.ts';
import { SnippetService } from '../../services/answers/snippet-service.ts';
import { hashHere } from '../../services/suite/hash-here.ts';
import { RequestKeys } from '../../services/requests/request-keys.ts';
import { SiteService } from '../../services/site-service.ts';
import { SubnetService } from '../../services/subnet-service.ts';
import { renderHere } from '../../core/answers/suite/answer-samples.ts';
import { withTools } from '../../services/machines/tool-profiles.ts';
import type { Stores } from '../../core/stores.ts';
import { openEmptyStores } from '../../store/sqlite/suite/open-sqlite.ts';
import type { ApiNeeds } from '../api-needs.ts';
import { buildApi } from '../build-api.ts';
import { makeCommands } from './power-world.ts';
import { composeGround, type Ground, MACHINE_HTTP } from './ground-world.ts';
import { composePeople } from './people-world.ts';
import { composeImages, makeLoaders, makeTree, mirrorService } from './images-world.ts';
import { composeInstalls, composeMachines, composeProfiles, openLogs } from './machines-world.ts';
import { BOOT_MEDIA, SERVER } from './server-world.ts';

const WIDE = { burst: 1e9, perSecond: 1e9 };

/** 2026-11-23T13:00:00Z. */
export const START_MS = Date.UTC(2026, 10, 23, 13);

/** The API over real services and a real database in a folder of its own; only the clock and chance are ours. */
export interface ApiWorld {
  readonly needs: ApiNeeds;
  readonly stores: Stores;
  readonly api: FastifyInstance;
  readonly folder: string;
  /** A folder with an install tree that is recognised. */
  readonly tree: string;
  /** Their other sides, where machines are: the API has a part of each. */
  readonly installs: InstallService;
  readonly installLogs: InstallLogs;
  /** Mistakes the API reported. */
  readonly mistakes: unknown[];
  /** Moves the clock. */
  readonly later: (ms: number) => void;
  /** An event that is on disk when it resolves. */
  readonly happened: (happening: Happening) => Promise<void>;
  readonly close: () => Promise<void>;
}

/** @param login `off`: whoever asks may do everything, so that tests of what is done need no log-in. */
export async function openApiWorld(login: 'on' | 'off' = 'off'): Promise<ApiWorld> {
  const folder = await mkdtemp(join(tmpdir(), 'muster-api-'));
  const tree = await makeTree(folder);
  await mkdir(join(folder, 'data/images'), { recursive: true });
  await makeLoaders(folder);
  await makeCommands(folder);
  const stores = await openEmptyStores();
  const mistakes: unknown[] = [];
  let nowMs = START_MS;
  const installLogs = await openLogs(folder, { nowMs: () => nowMs }, mistakes);
  const needs = { ...composeNeeds(stores, folder, () => nowMs, mistakes, login), installLogs };
  const api = buildApi(needs);
  return {
    needs,
    installs: needs.installs,
    installLogs,
    stores,
    api,
    folder,
    tree,
    mistakes,
    later: (ms) => {
      nowMs += ms;
    },
    happened: async (happening) => {
      needs.events.note(happening);
      await needs.events.settled();
    },
    close: async () => {
      await api.close();
      await needs.events.settled();
      await installLogs.close();
      await stores.close();
      await rm(folder, { recursive: true });
    },
  };
}

/** Of the installs, what machines do to them as well. */
type Composed = Omit<ApiNeeds, 'installLogs' | 'installs'> & { readonly installs: InstallService };

function composeNeeds(
  stores: Stores,
  folder: string,
  nowMs: () => number,
  mistakes: unknown[],
  login: 'on' | 'off',
): Composed {
  const ground = composeGround(stores, folder, nowMs, mistakes);
  const { events, clock, failed, sources, loaders } = ground;
  const mirrors = mirrorService(stores, ground);
  const machines = composeMachines(stores, ground);
  const sites = composeSites(stores, { ...ground, mirrors, hooks: machines.hooks });
  const { subnets, leases, images, policy } = stores;
  return {
    events,
    loaders,
    leases: new LeaseService({ leases, events, clock }),
    clock,
    // Tests ask in a second what people ask in an hour; those of the limits have their own.
    rateLimits: { known: WIDE, stranger: WIDE },
    requestKeys: new RequestKeys({ keys: stores.requestKeys, clock }),
    failed,
    ...SERVER,
    startedAtMs: START_MS,
    ...machines,
    subnets: new SubnetService({ subnets }),
    people: composePeople(stores, ground, login),
    policy: new PolicyService({ policy, images, profiles: stores.profiles }),
    ...sites,
    ...composeProfiles(stores, ground, sites),
    ...composeImages(stores, ground),
    mirrors,
    ...composeInstalls(stores, ground, machines.power),
    bootMedia: BOOT_MEDIA,
    explain: new ExplainService({
      ...stores,
      profiles: withTools(stores.profiles, images, policy),
      boot: new BootService(stores),
      events,
      sources,
      loaders,
      clock,
      machineHttp: () => MACHINE_HTTP,
    }),
  };
}

/** What is set up beside machines and profiles, and all of it as one thing. */
function composeSites(
  stores: Stores,
  given: Ground & { readonly mirrors: MirrorService; readonly hooks: HookService },
): Pick<ApiNeeds, 'groups' | 'snippets' | 'site'> {
  const snippets = new SnippetService({ snippets: stores.snippets, renderTemplate: renderHere });
  return {
    snippets,
    groups: new GroupService({ ...stores, hashPassword: hashHere }),
    site: new SiteService({ ...stores, ...given, snippets }),
  };
}
