import { oneLine } from './distributions/one-line.ts';
import { isPlainName, isPlainPath } from './distributions/tree-search.ts';
import type { TreeReader } from './tree-reader.ts';

/** What the menu of a disc's own boot loader starts, for trees that no row knows. */
export interface SuggestedBoot {
  /** Relative to the tree's root, as are the initrds. All of them are there. */
  readonly kernel: string;
  readonly initrds: readonly string[];
  /** The kernel's command line as the menu has it: it looks for the disc, and is for the user to change. */
  readonly arguments: string;
  /** The menu that says so. */
  readonly menu: string;
}

/** Menus where discs keep them, GRUB's first: it names its files from the root. */
const MENUS = [
  'boot/grub/grub.cfg',
  'boot/grub2/grub.cfg',
  'boot/grub/loopback.cfg',
  'EFI/BOOT/grub.cfg',
  'EFI/boot/grub.cfg',
  'efi/boot/grub.cfg',
  'isolinux/isolinux.cfg',
  'isolinux/live.cfg',
  'isolinux/txt.cfg',
  'boot/isolinux/isolinux.cfg',
  'syslinux/syslinux.cfg',
  'boot/syslinux/syslinux.cfg',
  'boot/extlinux/extlinux.conf',
] as const;
/** Entries of systemd-boot (Boot Loader Specification, type 1). */
const ENTRIES = 'loader/entries';
const MAX_ENTRIES = 20;
const MAX_MENU_BYTES = 128 * 1024;
/** Longer lines are no commands. */
const MAX_LINE = 4096;
const MAX_INITRDS = 16;

/** The first entry of a menu in the tree whose kernel and initrds are there. */
export async function suggestBootFiles(tree: TreeReader): Promise<SuggestedBoot | undefined> {
  const entries = (await tree.files(ENTRIES)).filter((name) => isPlainName(name) && name.endsWith('.conf'));
  const menus = [...MENUS, ...entries.slice(0, MAX_ENTRIES).map((name) => `${ENTRIES}/${name}`)];
  for (const menu of menus) {
    const text = await tree.text(menu, MAX_MENU_BYTES);
    if (text === undefined) continue;
    for (const entry of entriesOf(text, menu)) {
      if (await isWhole(tree, entry)) return entry;
    }
  }
  return undefined;
}

async function isWhole(tree: TreeReader, { kernel, initrds }: SuggestedBoot): Promise<boolean> {
  for (const path of [kernel, ...initrds]) if (!(await tree.isFile(path))) return false;
  return true;
}

interface OpenEntry {
  readonly kernel: string;
  initrds: string[];
  readonly words: string[];
}

/** Entries of a menu in GRUB's, syslinux' or systemd-boot's language, as far as it is lines of the usual commands. */
function entriesOf(text: string, menu: string): readonly SuggestedBoot[] {
  const found: OpenEntry[] = [];
  for (const line of text.split(/\r?\n/)) {
    if (line.length > MAX_LINE) continue;
    const [command = '', ...words] = line.trim().split(/[ \t]+/);
    const last = found.at(-1);
    switch (command.toLowerCase()) {
      case 'linux':
      case 'linuxefi':
      case 'linux16':
      case 'kernel':
      case '$linux':
      case 'linux$b':
        found.push({ kernel: pathOf(words[0], menu), initrds: [], words: words.slice(1) });
        break;
      case 'initrd':
      case 'initrdefi':
      case 'initrd16':
        last?.initrds.push(...words.flatMap(namesIn).map((name) => pathOf(name, menu)));
        break;
      case 'append':
      case 'options':
        if (last) addWords(last, words, menu);
        break;
      default:
    }
  }
  return found
    .filter(({ kernel, initrds }) => [kernel, ...initrds].every(isPlainPath) && initrds.length <= MAX_INITRDS)
    .map(({ kernel, initrds, words }) => ({ kernel, initrds, arguments: oneLine(words.join(' ')), menu }));
}

/** syslinux has its initrds among the words: `initrd=/a.img,/b.img`. */
function addWords(entry: OpenEntry, words: readonly string[], menu: string): void {
  for (const word of words) {
    if (!word.startsWith('initrd=')) entry.words.push(word);
    else entry.initrds = namesIn(word.slice('initrd='.length)).map((name) => pathOf(name, menu));
  }
}

function namesIn(word: string): readonly string[] {
  return word.split(',').filter((name) => name !== '');
}

/** From the root of the tree: GRUB's device before it is left out; syslinux names files beside its menu without a slash. */
function pathOf(name: string | undefined, menu: string): string {
  const path = (name ?? '').replaceAll(/^["']|["']$/g, '').replace(/^\([\w$,{}]*\)/, '');
  if (path.startsWith('/')) return path.replace(/^\/+/, '');
  return /linux\//.test(menu) ? `${menu.slice(0, menu.lastIndexOf('/'))}/${path}` : path;
}
