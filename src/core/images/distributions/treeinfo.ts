/** The sections of a `.treeinfo`: an INI file as Python's ConfigParser writes it. */
export type Treeinfo = ReadonlyMap<string, ReadonlyMap<string, string>>;

/** The longest ones list the checksum of every image and stay below 100 KiB. */
export const MAX_TREEINFO_BYTES = 1024 * 1024;

const SECTION = /^\[([^\]]+)\]\s*$/;
const ENTRY = /^([^=:\s][^=:]*?)\s*[=:]\s*(.*)$/;

/** Takes what it understands and passes over the rest, since vendors put lines of their own in. */
export function parseTreeinfo(text: string): Treeinfo {
  const sections = new Map<string, Map<string, string>>();
  let section: Map<string, string> | undefined;
  for (const line of text.split(/\r?\n/)) {
    if (/^\s*(?:[;#]|$)/.test(line)) continue;
    const name = SECTION.exec(line)?.[1];
    if (name !== undefined) {
      section = sections.get(name) ?? new Map<string, string>();
      sections.set(name, section);
      continue;
    }
    const [, key, value] = ENTRY.exec(line) ?? [];
    if (section && key !== undefined && value !== undefined) section.set(key.toLowerCase(), value.trim());
  }
  return sections;
}
