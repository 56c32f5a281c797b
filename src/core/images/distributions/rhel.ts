import { type InstallSource, nfsPlace } from '../install-source.ts';
import type { TreeReader } from '../tree-reader.ts';
import {
  bootifWords,
  type BootImage,
  type Distribution,
  dracutNetworkWord,
  type InstallerBoot,
  nearlyThis,
  notThis,
  type Recognised,
  type Recognition,
} from './distribution.ts';
import type { MemoryNeeds } from '../image.ts';
import { enterpriseLevel } from './enterprise-level.ts';
import { oneLine } from './one-line.ts';
import { MAX_TREEINFO_BYTES, parseTreeinfo, type Treeinfo } from './treeinfo.ts';
import { fileMegabytes, isPlainPath, memoryStep } from './tree-search.ts';

/** Anaconda looks for these names, in this order. */
const TREEINFO_NAMES = ['.treeinfo', 'treeinfo'];
/** Where trees of the family keep kernel and initrd when their `.treeinfo` does not say, or these are not there. */
const USUAL_PAIRS: readonly (readonly [kernel: string, initrd: string])[] = [
  ['images/pxeboot/vmlinuz', 'images/pxeboot/initrd.img'],
  ['isolinux/vmlinuz', 'isolinux/initrd.img'], //    a disc copied without images/, x86
  ['ppc/ppc64/vmlinuz', 'ppc/ppc64/initrd.img'], //  ppc64 and ppc64le
  ['images/kernel.img', 'images/initrd.img'], //     s390x
];

/** Where the index of the packages lies, when no `[variant-…]` says: at the top, or in a folder for each variant. */
const USUAL_REPOSITORIES = ['', 'BaseOS', 'Server', 'Workstation', 'Client', 'Everything', 'Minimal'];

/**
 * Red Hat Enterprise Linux and CentOS from 5 on, Fedora, and all who build like them: whatever has a `.treeinfo`,
 * in the old form (`[general]`) or in productmd's (`[release]`, `[tree]`).
 */
export const rhel: Distribution = {
  family: 'rhel',
  systems: 'Red Hat Enterprise Linux, CentOS 5 to 10, Fedora, Rocky, AlmaLinux, Oracle Linux and their kin',
  looksFor: 'a file .treeinfo, as the discs and mirrors of RHEL, CentOS, Fedora and their kin have it',
  sources: [{ protocol: 'http' }, { protocol: 'nfs' }, { protocol: 'ftp' }],
  answers: ['kickstart'],
  memory:
    '512 MiB for EL 5, 1 GiB for EL 6, 1.5 GiB for EL 7, 3 GiB from EL 8 on (4 GiB on aarch64 and ppc64le); over NFS about half, since the second stage is not copied into memory',
  recognise,
  installerArguments,
  attendedArguments,
};

async function recognise(tree: TreeReader): Promise<Recognition> {
  const found = await readTreeinfo(tree);
  if (!found) return notThis('there is no .treeinfo');
  const { name, info } = found;
  const title = value(info, 'release', 'name') ?? value(info, 'general', 'family');
  const release = value(info, 'release', 'version') ?? value(info, 'general', 'version');
  if (title === undefined || release === undefined) {
    return nearlyThis(`${name} names no family and version in [release] or [general]`);
  }
  const architecture = value(info, 'tree', 'arch') ?? value(info, 'general', 'arch') ?? 'x86_64';
  const files = await findBootFiles(tree, info, architecture);
  if (files.wrong !== undefined) {
    return nearlyThis(
      `${name} is of ${title} ${release}, but ${files.wrong}: copy the whole disc, or the folder images/ as well`,
    );
  }
  const packages = await packageFacts(tree, info, enterpriseLevel({ title, release }));
  return {
    recognised: true,
    tree: {
      family: 'rhel',
      title: title.includes(release) ? title : `${title} ${release}`,
      release,
      architecture,
      kernel: files.kernel,
      initrds: [files.initrd],
      answerKind: 'kickstart',
      memoryMegabytes: await memoryOf(tree, info, { title, release, architecture }),
      ...packages,
    },
  };
}

type BootFiles =
  | { readonly kernel: string; readonly initrd: string; readonly wrong?: never }
  | { readonly wrong: string };

/** The pair that `.treeinfo` names; else the first usual one that is whole. */
async function findBootFiles(tree: TreeReader, info: Treeinfo, architecture: string): Promise<BootFiles> {
  const [usualKernel, usualInitrd] = USUAL_PAIRS[0] ?? ['', ''];
  const section = `images-${architecture}`;
  const named = [
    inTree(value(info, section, 'kernel') ?? usualKernel),
    inTree(value(info, section, 'initrd') ?? usualInitrd),
  ] as const;
  for (const [kernel, initrd] of [named, ...USUAL_PAIRS]) {
    if (![kernel, initrd].every(isPlainPath)) continue;
    if ((await tree.isFile(kernel)) && (await tree.isFile(initrd))) return { kernel, initrd };
  }
  for (const path of named) {
    if (!(await tree.isFile(path))) return { wrong: `${path} is missing` };
    if (!isPlainPath(path))
      return { wrong: `the name ${JSON.stringify(path)} cannot stand in a loader's script` };
  }
  return { wrong: 'its kernel and initrd are gone' };
}

function inTree(path: string): string {
  return path.replace(/^(?:\.?\/)+/, '');
}

/** Boot and netinst discs hold an installer and nothing to install: from EL 7 on it can be told so. */
async function packageFacts(
  tree: TreeReader,
  info: Treeinfo,
  level: number,
): Promise<Pick<Recognised, 'facts' | 'note'>> {
  if (level < 7) return {};
  const variants = [...info.keys()].filter((section) => section.startsWith('variant-'));
  const named = variants.map((section) => inTree(value(info, section, 'repository') ?? '.'));
  for (const folder of [...USUAL_REPOSITORIES, ...named]) {
    const place = folder === '' || folder === '.' ? '' : `${folder}/`;
    if (await tree.isFile(`${place}repodata/repomd.xml`)) return {};
  }
  return {
    facts: { packages: 'none' },
    note: 'it holds an installer but no packages, as a boot or netinst disc does: give the profile a template of your own whose "url --url=" names a package mirror',
  };
}

/**
 * Red Hat's tables "Minimum RAM requirements" (Installation Guide of EL 7; Performing a standard installation of EL 8
 * and 9), in MiB. Over HTTP and FTP the second stage is copied into memory, over NFS it stays where it is.
 */
const LEAST_MEMORY: readonly { readonly level: number; readonly copied: number; readonly mounted: number }[] =
  [
    { level: 8, copied: 3072, mounted: 1536 },
    { level: 7, copied: 1536, mounted: 768 },
    { level: 6, copied: 1024, mounted: 1024 },
    { level: 5, copied: 512, mounted: 512 },
  ];
/** Their pages are larger. */
const MORE_MEMORY = ['aarch64', 'ppc64le'];
/** Beside the second stage: kernel, initrd, and the installer at work. */
const WORKING_MEGABYTES = 1024;

async function memoryOf(
  tree: TreeReader,
  info: Treeinfo,
  image: Pick<Recognised, 'title' | 'release' | 'architecture'>,
): Promise<MemoryNeeds> {
  const level = enterpriseLevel(image);
  const { copied, mounted } = LEAST_MEMORY.find((row) => level >= row.level) ?? { copied: 0, mounted: 0 };
  const stage2 = inTree(value(info, 'stage2', 'mainimage') ?? 'images/install.img');
  const more = level >= 8 && MORE_MEMORY.includes(image.architecture) ? 1024 : 0;
  const fetched = level >= 7 ? (await fileMegabytes(tree, stage2)) + WORKING_MEGABYTES : 0;
  const http = memoryStep(Math.max(copied + more, fetched));
  return { http, ftp: http, nfs: image.architecture === 'ppc64le' && level >= 8 ? 3072 : mounted };
}

async function readTreeinfo(
  tree: TreeReader,
): Promise<{ readonly name: string; readonly info: Treeinfo } | undefined> {
  for (const name of TREEINFO_NAMES) {
    const text = await tree.text(name, MAX_TREEINFO_BYTES);
    if (text !== undefined) return { name, info: parseTreeinfo(text) };
  }
  return undefined;
}

function value(info: Treeinfo, section: string, key: string): string | undefined {
  const text = oneLine(info.get(section)?.get(key) ?? '');
  return text === '' ? undefined : text;
}

/**
 * The dracut of EL 9 and Fedora 34 removes the names without `inst.`, EL 7 and 8 take both, and EL 5 and 6 know
 * no others.
 */
function installerArguments({ image, urls, bootMac }: InstallerBoot): readonly string[] {
  const prefix = enterpriseLevel(image) >= 7 ? 'inst.' : '';
  // EL 5 sends UDP, EL 6 both, later ones TCP by rsyslogd.
  const log = urls.syslog === undefined ? [] : [`${prefix}syslog=${urls.syslog.address}:${urls.syslog.port}`];
  return [
    `${prefix}ks=${urls.answer}`,
    ...attendedArguments(image, urls.source),
    ...log,
    ...bootifWords(bootMac),
  ];
}

/** From EL 7 on anaconda stops in dracut when it is not told where its second stage is. */
function attendedArguments(image: BootImage, source: InstallSource): readonly string[] {
  const place = source.protocol === 'nfs' ? `nfs:${nfsPlace(source)}` : source.url;
  if (enterpriseLevel(image) < 7) return [`method=${place}`, 'ksdevice=bootif'];
  // `inst.repo` is the second stage and the packages; without packages anaconda would stop at an empty repository.
  const name = image.facts?.['packages'] === 'none' ? 'inst.stage2' : 'inst.repo';
  return [`${name}=${place}`, dracutNetworkWord(source)];
}
