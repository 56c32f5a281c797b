import type { TreeReader } from '../tree-reader.ts';
import { oneLine } from './one-line.ts';

/** The longest seen has 200 bytes. */
const MAX_INFO_BYTES = 4096;

/** Debian's names of architectures, the usual ones first, with what the kernel calls them. */
export const DEBIAN_ARCHITECTURES: readonly (readonly [debian: string, kernel: string])[] = [
  ['amd64', 'x86_64'],
  ['arm64', 'aarch64'],
  ['i386', 'i686'],
  ['ppc64el', 'ppc64le'],
  ['s390x', 's390x'],
  ['armhf', 'armv7l'],
  ['riscv64', 'riscv64'],
];

/** What a disc of the Debian family says of itself. */
export interface DiskInfo {
  /** The whole line, or empty where the file is not there. */
  readonly line: string;
  /** `Ubuntu-Server 24.04.1 LTS "Noble Numbat"`. */
  readonly title: string;
  readonly release: string;
  /** As the kernel says it; empty where the line does not name one. */
  readonly architecture: string;
  /** In Debian's words: `amd64`. */
  readonly debianArchitecture: string;
}

/** Reads `.disk/info`, one line such as `Debian GNU/Linux 13.1.0 "Trixie" - Official amd64 NETINST …`. */
export async function readDiskInfo(tree: TreeReader): Promise<DiskInfo> {
  const line = oneLine((await tree.text('.disk/info', MAX_INFO_BYTES)) ?? '');
  const title = (line.split(' - ', 1)[0] ?? '').replace(/^(?:Official|Custom) /, '');
  const [debianArchitecture = '', architecture = ''] =
    DEBIAN_ARCHITECTURES.find(([name]) => line.split(/[\s/-]/).includes(name)) ?? [];
  return { line, title, release: /\d+(?:\.\d+)*/.exec(title)?.[0] ?? '', architecture, debianArchitecture };
}
