import type { IpAddress } from '../../lib/addresses.ts';
import { type BootPlan, wayOf } from './boot-plan.ts';
import type { ChainWish } from './chain-wish.ts';
import type { ImageLoader } from '../images/image-loaders.ts';
import type { BootRule } from './boot-rules.ts';
import { type ChainName, type FirmwareRow, firmwareName, firmwareOf, type LoaderChain } from './firmware.ts';
import { isIpxeProgram } from './ipxe-rounds.ts';
import type { LoaderName } from './loaders.ts';
import { loaderUrl, scriptUrl } from './machine-urls.ts';

/** The program that asks, as DHCP tells it: which firmware it is, or that it is an operating system already. */
export interface BootClient {
  readonly stage: 'firmware' | 'ipxe' | 'operating system';
  /** IANA "Processor Architecture Types" (option 93); absent where a BIOS ROM does not say. */
  readonly architecture?: number | undefined;
  /** The boot ROM of a Raspberry Pi, which fetches files by names of its own. */
  readonly isRaspberryPi?: boolean | undefined;
  /** iPXE alone: whether this build fetches over HTTP and starts Linux kernels, as it says itself (option 175). */
  readonly bootsOverHttp?: boolean | undefined;
}

/** What there is to boot from, besides the plan. */
export interface StepSurroundings {
  /** The file the user wants every boot client of the subnet to get. */
  readonly subnetBootFile?: string | undefined;
  readonly wish?: ChainWish | undefined;
  /** Loaders that can be handed out now. */
  readonly loaders: ReadonlySet<LoaderName>;
  /** This server as the client reaches it. */
  readonly address: IpAddress;
  /** The port of the HTTP door for machines; absent when that is closed. */
  readonly httpPort?: number | undefined;
  /** Another DHCP server gives the addresses. */
  readonly isProxied?: boolean;
  /** The iPXE that this machine was told to load a moment ago, where it asks anew since. */
  readonly ipxeBefore?: string | undefined;
}

/** What the DHCP answer says about booting. */
export type DhcpBootStep = {
  /** The rule that it was. */
  readonly rule: BootRule;
  /** For people: the programs up to the script; a file that a user named is alone where the table does not know it. */
  readonly chain?: string;
  readonly because: string;
} & (
  | {
      readonly give: 'boot file';
      /** A name for TFTP, or a URL. */
      readonly file: string;
      /** HTTP Boot wants its own class back (option 60), and takes no other answer (UEFI 2.10 §24.7.3.1). */
      readonly answersHttpBoot?: boolean;
    }
  /** A Raspberry Pi fetches its files by itself, from a server that says the right words (option 43). */
  | { readonly give: 'Raspberry Pi boot' }
  | { readonly give: 'nothing' }
);

const IPXE_CHAIN = 'iPXE, its script over HTTP';

/** From the plan to what this client is told over DHCP. */
export function nextStep(plan: BootPlan, client: BootClient, around: StepSurroundings): DhcpBootStep {
  const step = firstThatFits(plan, client, around);
  const { ipxeBefore } = around;
  if (client.stage !== 'ipxe' || ipxeBefore === undefined) return step;
  // Whatever it says that it can: it would load itself again and again.
  const isLoop = step.give === 'boot file' && isIpxeProgram(step.file);
  return isLoop ? afterIpxe(plan, ipxeBefore, around) : step;
}

function firstThatFits(plan: BootPlan, client: BootClient, around: StepSurroundings): DhcpBootStep {
  if (client.stage === 'operating system') {
    return {
      give: 'nothing',
      rule: 'operating system',
      because: 'an operating system asks, and takes a boot file for something else',
    };
  }
  if (plan.boot === 'nothing' && !canBeAsked(plan, client, around))
    return { give: 'nothing', rule: 'plan', because: plan.because };
  // A ROM without option 93 is older than RFC 4578, and those are all BIOS.
  const architecture = client.architecture ?? 0;
  const { subnetBootFile } = around;
  if (subnetBootFile !== undefined) {
    const firmware = firmwareOf(architecture);
    return {
      give: 'boot file',
      file: subnetBootFile,
      ...(firmware?.over === 'HTTP' ? { answersHttpBoot: true } : {}),
      chain: chainFrom(subnetBootFile, firmware?.chains ?? []),
      rule: 'subnet boot file',
      because: `the subnet names it for every boot client; ${plan.because}`,
    };
  }
  if (client.isRaspberryPi === true) {
    return {
      give: 'Raspberry Pi boot',
      chain: 'its own programs, config.txt',
      rule: 'Raspberry Pi',
      because: `a Raspberry Pi fetches its files by itself, below its serial number or at the top of the tree (tftp.root); ${plan.because}`,
    };
  }
  const script = client.stage === 'ipxe' ? ipxeScript(client, around) : undefined;
  if (script !== undefined) {
    return {
      give: 'boot file',
      file: script,
      chain: IPXE_CHAIN,
      rule: 'iPXE script',
      because: `iPXE asks, and fetches its script over HTTP${wished(around.wish)}; ${plan.because}`,
    };
  }
  return firmwareStep(plan, architecture, around);
}

/** Whoever boots nothing is led to a script only where it is sure to be iPXE's, which asks and lets it go again. */
function canBeAsked(
  { asks }: BootPlan & { boot: 'nothing' },
  { isRaspberryPi }: BootClient,
  { subnetBootFile, httpPort, wish }: StepSurroundings,
): boolean {
  const isIpxe = wish?.chain === 'ipxe' && subnetBootFile === undefined && isRaspberryPi !== true;
  return asks !== undefined && httpPort !== undefined && isIpxe;
}

function afterIpxe(plan: BootPlan, ipxe: string, { address, httpPort }: StepSurroundings): DhcpBootStep {
  if (httpPort === undefined) {
    return {
      give: 'nothing',
      rule: 'iPXE loop',
      because: `iPXE asks that was loaded as ${ipxe}, and would load itself again and again; its script is fetched over HTTP, and the HTTP port for machines is closed`,
    };
  }
  return {
    give: 'boot file',
    file: scriptUrl({ address, port: httpPort }),
    chain: IPXE_CHAIN,
    rule: 'iPXE loop',
    because: `iPXE asks that was loaded as ${ipxe} a moment ago, and would load itself again and again: it gets its script; ${plan.because}`,
  };
}

/** Undefined where this iPXE cannot go on over HTTP, or somebody wishes for another chain. */
function ipxeScript(client: BootClient, { address, httpPort, wish }: StepSurroundings): string | undefined {
  if (client.bootsOverHttp !== true || httpPort === undefined) return undefined;
  if (wish !== undefined && wish.chain !== 'ipxe') return undefined;
  return scriptUrl({ address, port: httpPort });
}

function firmwareStep(plan: BootPlan, architecture: number, around: StepSurroundings): DhcpBootStep {
  const firmware = firmwareOf(architecture);
  const name = firmwareName(architecture);
  if (firmware?.platform === 'U-Boot') {
    return {
      give: 'nothing',
      chain: 'U-Boot, pxelinux.cfg',
      rule: 'U-Boot',
      because: `${name} needs no loader: it looks for its pxelinux.cfg on this server by itself; ${plan.because}`,
    };
  }
  const own = firmware && ownLoader(plan, firmware);
  const isWayless = firmware?.chains.length === 0 && (own === undefined || firmware.over === 'HTTP');
  if (firmware === undefined || isWayless) {
    return {
      give: 'nothing',
      rule: 'firmware table',
      because: `there is no loader yet for ${name} (option 93 is ${architecture}): muster subnet set --filename names one of your own`,
    };
  }
  const { address, httpPort, wish } = around;
  if (firmware.over === 'HTTP' && httpPort === undefined) {
    return {
      give: 'nothing',
      rule: 'firmware table',
      because: `${name} fetches over HTTP, and the HTTP port for machines is closed`,
    };
  }
  const isHttp = firmware.over === 'HTTP' && httpPort !== undefined;
  if (own !== undefined && !isHttp && (wish?.chain === 'grub' || (wish === undefined && !around.isProxied))) {
    return {
      give: 'boot file',
      file: own.first,
      chain: [own.first, own.next, SCRIPT_OF.grub].join(', '),
      rule: 'image loaders',
      because: `${name}${wished(wish)}, with the loaders that the image brings, whose signer its kernel has; ${plan.because}`,
    };
  }
  const rule = wish === undefined ? 'firmware table' : 'wish';
  const asWished = chooseChain(firmware.chains, around, own);
  const chosen =
    'missing' in asWished && wish?.orElse === 'any'
      ? chooseChain(firmware.chains, { ...around, wish: undefined }, own)
      : asWished;
  if ('missing' in chosen) {
    return { give: 'nothing', rule, because: `${name} has no loader to go on with: ${chosen.missing}` };
  }
  const { first, disk } = chosen.chain;
  return {
    give: 'boot file',
    file: isHttp ? loaderUrl({ address, port: httpPort }, disk ?? first) : first,
    ...(isHttp ? { answersHttpBoot: true } : {}),
    chain: chainText(chosen.chain, own),
    rule,
    because: `${name}${wished(wish)}${chosen.instead}; ${plan.because}`,
  };
}

function chainText({ name, first, next, disk }: LoaderChain, own: ImageLoader | undefined): string {
  if (disk === undefined) return [first, ...next, SCRIPT_OF[name]].join(', ');
  const programs = own === undefined ? [first, ...next] : [own.first, own.next];
  return `${disk} with ${[...programs, SCRIPT_OF[name]].join(', ')}`;
}

/** Of a file that a user named. */
function chainFrom(file: string, chains: readonly LoaderChain[]): string {
  const known = chains.find(({ first, disk }) => (disk ?? first) === file);
  return known === undefined ? file : chainText(known, undefined);
}

/** The image's own shim and GRUB, which start its kernel with Secure Boot too. */
function ownLoader(plan: BootPlan, { cpu, platform }: FirmwareRow): ImageLoader | undefined {
  if (platform !== 'UEFI') return undefined;
  return wayOf(plan)?.imageLoaders?.find((loader) => loader.cpu === cpu);
}

type Chosen =
  | {
      readonly chain: LoaderChain;
      /** Why it is not the first of the table, or empty. */
      readonly instead: string;
    }
  | { readonly missing: string };

/** The first chain of the table of which all files are there; of those that are wished for, where somebody wishes. */
function chooseChain(
  chains: readonly LoaderChain[],
  around: StepSurroundings,
  own: ImageLoader | undefined,
): Chosen {
  const { loaders, wish, isProxied = false } = around;
  // GRUB 2.06 takes the server of its files from the other server's DHCPACK, and hangs (seen with OVMF 2022.11); on a
  // disk it has them with it.
  const wanted = chains.filter(({ name, disk }) =>
    wish === undefined ? !(isProxied && name === 'grub' && disk === undefined) : name === wish.chain,
  );
  if (wish !== undefined && wanted.length === 0) {
    const names = [...new Set(chains.map(({ name }) => name))].join(' and ');
    return { missing: `${wish.by} wants ${wish.chain}, and for this firmware there is ${names}` };
  }
  const lacking = (chain: LoaderChain): readonly LoaderName[] =>
    chain.disk !== undefined && own !== undefined
      ? []
      : [chain.first, ...chain.next].filter((loader) => !loaders.has(loader));
  const passed: string[] = [];
  for (const chain of wanted) {
    const absent = lacking(chain);
    if (absent.length === 0) {
      return { chain, instead: passed.length === 0 ? '' : ` (${passed.join('; ')})` };
    }
    passed.push(`${chain.name} lacks ${absent.join(' and ')}`);
  }
  return { missing: `${passed.join('; ')}: muster loaders says where to get them` };
}

function wished(wish: ChainWish | undefined): string {
  return wish === undefined ? '' : `, ${wish.chain} as ${wish.by} wishes`;
}

/** What each chain asks for when its programs are there. */
const SCRIPT_OF: Readonly<Record<ChainName, string>> = {
  pxelinux: 'pxelinux.cfg',
  grub: 'grub.cfg',
  ipxe: 'its script over HTTP',
};
