import { sourceUrl, type InstallSource } from '../install-source.ts';
import type { TreeReader } from '../tree-reader.ts';
import {
  bootifWords,
  type BootImage,
  type Distribution,
  type InstallerBoot,
  notThis,
  type Recognition,
} from './distribution.ts';
import { findSuseBoot, suseName } from './suse-disc.ts';

/**
 * SUSE's Deployment Guide of SLE 15 (§2.1.2): 1 GiB for a minimal installation, and 150 MiB more over HTTP or FTP,
 * where the installer's parts are copied into memory.
 */
const LEAST_MEGABYTES = 1024;
const COPIED_MEGABYTES = 150;
/** The usual one. */
const SYSLOG_PORT = 514;

/** openSUSE and SUSE Linux Enterprise up to 15 and Tumbleweed's classic discs: linuxrc, then YaST. */
export const suse: Distribution = {
  family: 'suse',
  systems: 'openSUSE Leap up to 15, Tumbleweed, SUSE Linux Enterprise 11 to 15',
  looksFor: 'boot/<architecture>/ with linux, initrd and root, as the discs and mirrors of SUSE have it',
  sources: [{ protocol: 'http' }, { protocol: 'nfs' }, { protocol: 'ftp' }],
  answers: ['autoyast'],
  memory: '1 GiB; 150 MiB more over HTTP and FTP',
  recognise,
  installerArguments,
  attendedArguments,
};

async function recognise(tree: TreeReader): Promise<Recognition> {
  const boot = await findSuseBoot(tree);
  if (!boot) return notThis('there is no linux with its initrd in boot/<architecture>/ or its loader/');
  if (!(await tree.isFile(`boot/${boot.architecture}/root`))) {
    return notThis(`boot/${boot.architecture}/ has no installation system (root)`);
  }
  const { title, release } = await suseName(tree);
  return {
    recognised: true,
    tree: {
      family: 'suse',
      title,
      release,
      architecture: boot.architecture,
      kernel: boot.kernel,
      initrds: [boot.initrd],
      answerKind: 'autoyast',
      memoryMegabytes: {
        http: LEAST_MEGABYTES + COPIED_MEGABYTES,
        ftp: LEAST_MEGABYTES + COPIED_MEGABYTES,
        nfs: LEAST_MEGABYTES,
      },
    },
  };
}

/** linuxrc's words (its linuxrc_repo.md); YaST takes the same place for its packages. */
function installerArguments({ image, urls, hostName, bootMac }: InstallerBoot): readonly string[] {
  return [
    ...attendedArguments(image, urls.source),
    `autoyast=${urls.answer}`,
    `hostname=${hostName}`,
    // The installer would look for updates of itself at SUSE, and wait for it where there is no way there.
    'self_update=0',
    // linuxrc hands it to a script that knows no port.
    ...(urls.syslog?.port === SYSLOG_PORT ? [`loghost=${urls.syslog.address}`] : []),
    ...bootifWords(bootMac),
  ];
}

function attendedArguments(_image: BootImage, source: InstallSource): readonly string[] {
  return [`install=${sourceUrl(source)}`, 'netsetup=dhcp'];
}
