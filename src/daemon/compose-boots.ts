import { join } from 'node:path';
import type { SourceProtocol } from '../core/images/install-source.ts';
import type { Settings } from '../core/settings/settings.ts';
import { DiscoveryService } from '../services/machines/discovery-service.ts';
import { InstallerPlans } from '../services/boot/boot-files-installer.ts';
import { BootFiles } from '../services/boot/boot-files.ts';
import { BootMedia } from '../services/boot/boot-media.ts';
import type { FactService } from '../services/machines/fact-service.ts';
import { InstallFiles } from '../services/installs/install-files.ts';
import { InstallFacts } from '../services/installs/install-facts.ts';
import type { InstallService } from '../services/installs/install-service.ts';
import { InstallSources } from '../services/installs/install-sources.ts';
import { OverlayFiles } from '../services/images/overlay-files.ts';
import type { TreeRoots } from '../services/images/tree-roots.ts';
import type { ComposeNeeds, Foundation, Grounded } from './compose.ts';

/** What a machine boots and installs from: boot files, answer files, and the disc for its BMC. */
export function composeBoots(
  { stores, settings, clock, events, machineAddress, syslogAt }: Grounded,
  foundation: Foundation & { readonly randomHex: (bytes: number) => string },
  machineHttpPort: number,
) {
  const { machines, leases, images, installs, policy } = stores;
  const { whoAsks, boot, answers, sources, loaders, roots, waveTurns } = foundation;
  const tftpRoot = settings['tftp.root'];
  const installHappened: InstallService['happened'] = (id, event, details) =>
    foundation.installs.happened(id, event, details);
  const shared = {
    whoAsks,
    images,
    profiles: foundation.profilesAndTools,
    installs,
    answers,
    sources,
    events,
    clock,
    machineHttpPort,
    syslogAt,
    installHappened,
    bootsAnew: foundation.installs.bootsAnew.bind(foundation.installs),
  };
  const discovery = new DiscoveryService({ ...shared, ...foundation, policy });
  const boots = {
    ...shared,
    facts: foundation.facts,
    enrolment: foundation.enrolment,
    discovery,
    boot,
    loaders,
    policy,
    openInsideFolder: roots.open,
    overlays: new OverlayFiles({ folder: overlaysFolder(settings) }),
    stoodWaiting: (machineId: string) => waveTurns.stoodWaiting(machineId),
    ipxeSignatures: settings['ipxe.signatures'],
  };
  return {
    discovery,
    bootFiles: new BootFiles({ ...boots, ...(tftpRoot === undefined ? {} : { tftpRoot }) }),
    bootMedia: new BootMedia({
      machines,
      installs,
      boot,
      roots,
      events,
      installHappened,
      installers: new InstallerPlans(boots),
      machineHttp: () => ({ address: machineAddress(), port: machineHttpPort }),
    }),
    installFiles: new InstallFiles({ ...shared, machines, leases }),
    installFacts: new InstallFacts({ ...shared, machines, facts: foundation.facts }),
  };
}

export function installSources(
  settings: Settings,
  roots: Pick<TreeRoots, 'disc'>,
  treesAt: ComposeNeeds['treesAt'],
  facts: Pick<FactService, 'ofMachine'>,
): InstallSources {
  const port = settings['machineHttp.port'];
  return new InstallSources({
    machineHttpPort: port === 'off' ? 0 : port,
    treesAt,
    isDisc: async (root) => (await roots.disc(root)) !== undefined,
    memoryOf: async (machineId) => (await facts.ofMachine(machineId)).facts.memoryMegabytes,
    off: doorsOff(settings),
  });
}

/** What people put there: for a profile `NAME/initrd`, for an image `NAME/tree`. */
export function overlaysFolder(settings: Settings): string {
  return join(settings.dataFolder ?? '/var/lib/muster', 'overlays');
}

/** The doors that the settings keep closed. */
function doorsOff(settings: Settings): Readonly<Partial<Record<SourceProtocol, string>>> {
  const rows = [
    ['http', 'machineHttp.port'],
    ['ftp', 'ftp.port'],
    ['nfs', 'nfs.port'],
  ] as const;
  return Object.fromEntries(
    rows.flatMap(([protocol, name]) => (settings[name] === 'off' ? [[protocol, `${name} is off`]] : [])),
  );
}
