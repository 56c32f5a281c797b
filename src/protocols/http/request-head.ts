/** What a request says before its body (RFC 9112 §3, §5), as far as files are concerned. */
export interface RequestHead {
  /** As it was sent: upper and lower case differ. */
  readonly method: string;
  /** As it was sent: a path that nobody has decoded yet. */
  readonly target: string;
  /** Whether the connection stays open after the answer (RFC 9112 §9.3). */
  readonly keepsOpen: boolean;
  /** Something follows the head: bytes of a body, or a change to another protocol. */
  readonly hasMore: boolean;
  /** Headers that matter for a file, by their names in small letters; of the same ones twice, the first. */
  readonly headers: Readonly<Partial<Record<FileHeader, string>>>;
}

/** Those that choose what of a file is sent (RFC 9110 §13, §14). */
const FILE_HEADERS = [
  'range',
  'if-range',
  'if-match',
  'if-none-match',
  'if-modified-since',
  'if-unmodified-since',
] as const;
type FileHeader = (typeof FILE_HEADERS)[number];

const IS_FILE_HEADER: ReadonlySet<string> = new Set(FILE_HEADERS);
/** What makes a request one that is more than its head. */
const MORE_HEADERS: ReadonlySet<string> = new Set(['transfer-encoding', 'upgrade', 'expect']);

/** Where the head ends; -1 where it does not end in these bytes. @param text bytes as Latin-1. */
export function headEnd(text: string): number {
  const at = text.indexOf('\r\n\r\n');
  return at === -1 ? -1 : at + 4;
}

/** Whether a head may begin like this that is not there as a whole. What cannot is for the strict parser, and at once. */
export function mayBecomeHead(text: string): boolean {
  const isBegun = BEGINNINGS.some((beginning) => text.startsWith(beginning.slice(0, text.length)));
  return isBegun && !/(?:^|[^\r])\n/.test(text);
}

const BEGINNINGS = ['GET /', 'HEAD /'] as const;

/**
 * A head that is as RFC 9112 has it. Anything out of the ordinary gives undefined, and is for a parser that is strict and
 * says what is wrong: this one is quick.
 *
 * @param text the head, up to its empty line and with that, bytes as Latin-1.
 */
export function readHead(text: string): RequestHead | undefined {
  const lineEnd = text.indexOf('\r\n');
  const line = /^([A-Z]+) (\/[!-~]*) HTTP\/1\.([01])$/.exec(text.slice(0, lineEnd));
  if (!line) return undefined;
  const [, method = '', target = '', minor = ''] = line;
  const headers: Partial<Record<FileHeader, string>> = {};
  let keepsOpen = minor === '1';
  let hasMore = false;
  let at = lineEnd + 2;
  while (at < text.length - 2) {
    const end = text.indexOf('\r\n', at);
    const colon = text.indexOf(':', at);
    // A name that is no token, or a line that goes on with the one before it (RFC 9112 §5.1, §5.2).
    if (colon === -1 || colon > end || !/^[!#$%&'*+.^_`|~\w-]+$/.test(text.slice(at, colon)))
      return undefined;
    const name = text.slice(at, colon).toLowerCase();
    const value = text.slice(colon + 1, end).trim();
    if (IS_FILE_HEADER.has(name)) headers[name as FileHeader] ??= value;
    else if (name === 'connection') {
      const words = value.toLowerCase().split(/\s*,\s*/);
      if (words.includes('close')) keepsOpen = false;
      else if (words.includes('keep-alive')) keepsOpen = true;
    } else if (name === 'content-length') hasMore ||= value !== '0';
    else hasMore ||= MORE_HEADERS.has(name);
    at = end + 2;
  }
  return { method, target, keepsOpen, hasMore, headers };
}
