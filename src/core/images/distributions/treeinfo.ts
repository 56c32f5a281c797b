/** The sections of a `.treeinfo`: an INI file as Python's ConfigParser writes it. */
export type Treeinfo = ReadonlyMap<string, ReadonlyMap<string, string>>;

/** The longest ones list the checksum of every image and stay below 100 KiB. */
export const MAX_TREEINFO_BYTES = 1024 * 1024;

const SECTION = /^\[([^\]]+)\]\s*$/;

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
    const end = line.search(/[=:]/);
    // A line that begins with a space goes on with the value before it.
    if (section && end > 0 && !/^\s/.test(line)) {
      section.set(line.slice(0, end).trimEnd().toLowerCase(), line.slice(end + 1).trim());
    }
  }
  return sections;
}
