/** From the name in a request to a path below the TFTP root, or to a reason why not. */

/** Bytes of one part between slashes: what Linux file systems allow. */
export const MAX_NAME_PART_BYTES = 255;
/** Bytes of the whole name: a request without options has 512 (RFC 1350), less its opcode and two NULs. */
export const MAX_NAME_BYTES = 508;

export type SafeFileName =
  /** `path` is relative, has `/` between its parts, and none of them is empty, `.` or `..`. */
  { readonly safe: true; readonly path: string } | { readonly safe: false; readonly because: string };

/**
 * Takes the ways in which firmware and loaders write one and the same file: `\Boot\BCD`, `/boot//bcd`,
 * `./boot/bcd`, the full path with the TFTP root before it, 0xFF or NUL left behind the name by a ROM.
 *
 * @param root the TFTP root's absolute path, when there is one: clients that were configured for another server
 *   repeat it, and it is cut off.
 */
export function safeFileName(nameAsSent: string, root?: string): SafeFileName {
  const name = withoutGarbage(nameAsSent).replaceAll('\\', '/');
  if (Buffer.byteLength(name) > MAX_NAME_BYTES) {
    return { safe: false, because: `the name has more than ${MAX_NAME_BYTES} bytes` };
  }
  if (/\p{Cc}/u.test(name)) return { safe: false, because: 'the name holds a control character' };
  if (name.includes('\uFFFD')) return { safe: false, because: 'the name is not UTF-8 text' };

  const parts = partsOf(name);
  // Even a harmless a/../b is refused: no loader needs it, and what is never resolved cannot be resolved wrongly.
  if (parts.includes('..')) return { safe: false, because: 'the name holds ".."' };
  if (parts.some((part) => Buffer.byteLength(part) > MAX_NAME_PART_BYTES)) {
    return { safe: false, because: `a part of the name has more than ${MAX_NAME_PART_BYTES} bytes` };
  }
  const below = name.startsWith('/') && root !== undefined ? withoutRoot(parts, partsOf(root)) : parts;
  if (below.length === 0) return { safe: false, because: 'the name is empty or names the root folder' };
  return { safe: true, path: below.join('/') };
}

/** 0xFF arrives as U+FFFD, since it is not UTF-8. A loop, because a regular expression would be slow on a hostile name. */
function withoutGarbage(name: string): string {
  let end = name.length;
  while (end > 0 && (name[end - 1] === '\0' || name[end - 1] === '\uFFFD')) end -= 1;
  return name.slice(0, end);
}

function partsOf(path: string): string[] {
  return path.split('/').filter((part) => part !== '' && part !== '.');
}

function withoutRoot(parts: readonly string[], root: readonly string[]): readonly string[] {
  return root.every((part, index) => parts[index] === part) ? parts.slice(root.length) : parts;
}
