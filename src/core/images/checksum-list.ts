/** Bytes of a list of checksums that are read; the longest on mirrors have some 100 KiB. */
export const MAX_CHECKSUM_LIST_BYTES = 1024 * 1024;

export type SumAlgorithm = 'sha256' | 'md5';

export interface ListedSum {
  readonly algorithm: SumAlgorithm;
  /** In small hexadecimal digits. */
  readonly digits: string;
  /** As it stands there, without `./` and `*` before it; absent where only the digits stand there. */
  readonly name?: string;
}

const DIGITS: Readonly<Record<SumAlgorithm, number>> = { sha256: 64, md5: 32 };
/** `<digits>  name` of coreutils, where `*` before the name says that the file was read as it is. */
const GNU_LINE = /^\\?([\da-fA-F]{32,64})(?:[ \t]+\*?(.+))?$/;
/** `SHA256 (name) = <digits>` of BSD, as Fedora's and CentOS' lists have it. */
const BSD_LINE = /^(SHA256|MD5) ?\((.+)\) ?= ?([\da-fA-F]{32,64})$/;

/**
 * The lines of a list of checksums, in the form of GNU or of BSD; what is neither (comments, signatures, sizes, sums
 * of other kinds) is passed over.
 */
export function parseChecksumList(text: string): readonly ListedSum[] {
  return text.split(/\r?\n/).flatMap((line) => sumOf(line.trimEnd()) ?? []);
}

function sumOf(line: string): ListedSum | undefined {
  const bsd = BSD_LINE.exec(line);
  if (bsd) return listed(bsd[3] ?? '', bsd[2], bsd[1] === 'MD5' ? 'md5' : 'sha256');
  const gnu = GNU_LINE.exec(line);
  if (!gnu) return undefined;
  const digits = gnu[1] ?? '';
  return listed(digits, gnu[2], digits.length === DIGITS.md5 ? 'md5' : 'sha256');
}

function listed(digits: string, name: string | undefined, algorithm: SumAlgorithm): ListedSum | undefined {
  if (digits.length !== DIGITS[algorithm]) return undefined;
  const small = digits.toLowerCase();
  return name === undefined
    ? { algorithm, digits: small }
    : { algorithm, digits: small, name: name.replace(/^\.\//, '') };
}

/** The sha256 of a file in a list; one without a name is of the file that the list itself is named for. */
export function sha256In(text: string, fileName: string): string | undefined {
  const sums = parseChecksumList(text).filter(({ algorithm }) => algorithm === 'sha256');
  const named = sums.find(({ name }) => name !== undefined && name.split('/').at(-1) === fileName);
  if (named) return named.digits;
  const [only] = sums;
  return sums.length === 1 && only?.name === undefined ? only?.digits : undefined;
}

/** Where the checksum of a disc image may stand, beside it. */
export function checksumListNames(fileName: string): readonly string[] {
  return [
    `${fileName}.sha256`,
    `${fileName}.sha256sum`,
    `${fileName}.SHA256SUM`,
    `${fileName}.CHECKSUM`,
    'SHA256SUMS',
    'SHA256SUM',
    'sha256sum.txt',
    'sha256sums.txt',
    'CHECKSUM',
    'CHECKSUM.SHA256',
  ];
}

/** Lists whose names hold the release, such as `Fedora-Server-42-1.1-x86_64-CHECKSUM`. */
export function isChecksumListName(name: string): boolean {
  return /(?:-CHECKSUM|\.CHECKSUM|SHA256SUMS?)(?:\.txt)?$/.test(name);
}
