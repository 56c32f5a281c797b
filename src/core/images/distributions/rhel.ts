import type { Image } from '../image.ts';
import type { TreeReader } from '../tree-reader.ts';
import { bootifWords, type Distribution, type InstallerBoot, type Recognition } from './distribution.ts';
import { enterpriseLevel } from './enterprise-level.ts';
import { oneLine } from './one-line.ts';
import { MAX_TREEINFO_BYTES, parseTreeinfo, type Treeinfo } from './treeinfo.ts';

/** Anaconda looks for these names, in this order. */
const TREEINFO_NAMES = ['.treeinfo', 'treeinfo'];
/** Where every tree of the family keeps them, when its `.treeinfo` does not say. */
const USUAL_KERNEL = 'images/pxeboot/vmlinuz';
const USUAL_INITRD = 'images/pxeboot/initrd.img';

/**
 * Red Hat Enterprise Linux and CentOS from 5 on, Fedora, and all who build like them: whatever has a `.treeinfo`,
 * in the old form (`[general]`) or in productmd's (`[release]`, `[tree]`).
 */
export const rhel: Distribution = {
  family: 'rhel',
  looksFor: 'a file .treeinfo, as the discs and mirrors of RHEL, CentOS, Fedora and their kin have it',
  recognise,
  installerArguments,
  attendedArguments,
};

async function recognise(tree: TreeReader): Promise<Recognition> {
  const found = await readTreeinfo(tree);
  if (!found) return { recognised: false, because: 'there is no .treeinfo' };
  const { name, info } = found;
  const title = value(info, 'release', 'name') ?? value(info, 'general', 'family');
  const release = value(info, 'release', 'version') ?? value(info, 'general', 'version');
  if (title === undefined || release === undefined) {
    return { recognised: false, because: `${name} names no family and version in [release] or [general]` };
  }
  const architecture = value(info, 'tree', 'arch') ?? value(info, 'general', 'arch') ?? 'x86_64';
  const kernel = value(info, `images-${architecture}`, 'kernel') ?? USUAL_KERNEL;
  const initrd = value(info, `images-${architecture}`, 'initrd') ?? USUAL_INITRD;
  for (const path of [kernel, initrd]) {
    if (!(await tree.isFile(path))) {
      return {
        recognised: false,
        because: `${name} is of ${title} ${release}, but ${path} is missing: copy the whole disc, or the folder images/ as well`,
      };
    }
  }
  return {
    recognised: true,
    tree: {
      family: 'rhel',
      title: title.includes(release) ? title : `${title} ${release}`,
      release,
      architecture,
      kernel,
      initrds: [initrd],
      answerKind: 'kickstart',
    },
  };
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
  // From EL 7 on `ip=dhcp` with BOOTIF means: on that card alone.
  if (enterpriseLevel(image) >= 7) {
    return [
      `inst.ks=${urls.answer}`,
      `inst.repo=${urls.tree}`,
      networkWord(urls.tree),
      ...bootifWords(bootMac),
    ];
  }
  return [`ks=${urls.answer}`, `method=${urls.tree}`, 'ksdevice=bootif', ...bootifWords(bootMac)];
}

/** From EL 7 on anaconda stops in dracut when it is not told where its second stage is. */
function attendedArguments(image: Pick<Image, 'title' | 'release'>, treeUrl: string): readonly string[] {
  return enterpriseLevel(image) >= 7
    ? [`inst.repo=${treeUrl}`, networkWord(treeUrl)]
    : [`method=${treeUrl}`, 'ksdevice=bootif'];
}

/** As dracut.cmdline(7) has it; `auto6` takes addresses as the router says, from DHCPv6 too. */
function networkWord(url: string): string {
  return url.includes('://[') ? 'ip=auto6' : 'ip=dhcp';
}
