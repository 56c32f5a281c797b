/** A request's path as the parts it names below the root. */
export interface RequestPath {
  /** Decoded; never empty, never `.` or `..`, without `/` and NUL. */
  readonly parts: readonly string[];
  /** It ended in a slash, so a folder is meant. */
  readonly isFolder: boolean;
}

/** Longer request targets are refused; install trees stay far below. */
export const MAX_TARGET_LENGTH = 4096;
/** NAME_MAX of Linux, in bytes. */
export const MAX_PART_BYTES = 255;

const decoder = new TextDecoder('utf-8', { fatal: true });

/**
 * Reads a request target (RFC 9112 §3.2): `/a/b?query` or `http://host/a/b`. Empty and `.` parts are dropped
 * without a redirect (shim asks for `/boot//grubx64.efi`, and firmware follows none), `..` goes up, but not out of
 * the root. `%20` is a space and `+` is a plus, so that package names with `+` come through.
 *
 * @param target as Node gives it: one character a byte.
 * @throws SyntaxError that says what is wrong with it.
 */
export function parseRequestPath(target: string): RequestPath {
  if (target.length > MAX_TARGET_LENGTH) {
    throw new SyntaxError(`The request target has ${target.length} bytes, ${MAX_TARGET_LENGTH} are taken`);
  }
  const path = pathOf(target);
  const parts: string[] = [];
  for (const raw of path.split('/')) {
    const part = decodePart(raw);
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.pop() === undefined) throw new SyntaxError('The path leads out of the root with ".."');
  }
  return { parts, isFolder: /(?:^|\/)(?:\.|%2e){0,2}$/i.test(path) };
}

/** The path for a link in a listing, each part encoded. */
export function formatRequestPath({ parts, isFolder }: RequestPath): string {
  const encoded = parts.map((part) => `/${encodeURIComponent(part)}`).join('');
  return isFolder ? `${encoded}/` : encoded;
}

function pathOf(target: string): string {
  const [path = ''] = target.split(/[?#]/, 1);
  const absolute = /^https?:\/\/[^/]*(.*)$/i.exec(path);
  const found = absolute ? (absolute[1] ?? '') : path;
  if (found === '' && absolute) return '/';
  if (!found.startsWith('/')) throw new SyntaxError('The request target has no path: it must start with "/"');
  return found;
}

/** @throws SyntaxError */
function decodePart(raw: string): string {
  const bytes = percentDecode(raw);
  if (bytes.length > MAX_PART_BYTES) {
    throw new SyntaxError(
      `A part of the path has ${bytes.length} bytes, no file name has more than ${MAX_PART_BYTES}`,
    );
  }
  if (bytes.includes(0) || bytes.includes(0x2f)) {
    throw new SyntaxError('A part of the path holds an encoded "/" or NUL, which no file name can');
  }
  try {
    return decoder.decode(bytes);
  } catch {
    throw new SyntaxError('A part of the path is not UTF-8');
  }
}

function percentDecode(raw: string): Uint8Array {
  if (/%(?![\da-f]{2})/i.test(raw))
    throw new SyntaxError('A "%" in the path is not followed by two hex digits');
  const bytes: number[] = [];
  for (let at = 0; at < raw.length; at += 1) {
    const code = raw.charCodeAt(at);
    if (code > 0xff) throw new SyntaxError('The request target is not made of bytes');
    if (code !== 0x25) {
      bytes.push(code);
      continue;
    }
    bytes.push(Number.parseInt(raw.slice(at + 1, at + 3), 16));
    at += 2;
  }
  return Uint8Array.from(bytes);
}
