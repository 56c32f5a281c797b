/**
 * Types that matter to machines. EDK2's HTTP Boot takes `application/efi`, `application/vnd.efi-iso` and
 * `application/vnd.efi-img` for an application, a disc and a disk (HttpBootSupport.c), and refuses other types
 * where the name does not end in one of these; installers look at no type.
 */
const TYPES: Readonly<Record<string, string>> = {
  efi: 'application/efi',
  iso: 'application/vnd.efi-iso',
  img: 'application/vnd.efi-img',
  cfg: 'text/plain; charset=utf-8',
  conf: 'text/plain; charset=utf-8',
  ks: 'text/plain; charset=utf-8',
  ipxe: 'text/plain; charset=utf-8',
  log: 'text/plain; charset=utf-8',
  txt: 'text/plain; charset=utf-8',
  treeinfo: 'text/plain; charset=utf-8',
  sha256: 'text/plain; charset=utf-8',
  html: 'text/html; charset=utf-8',
  htm: 'text/html; charset=utf-8',
  css: 'text/css; charset=utf-8',
  json: 'application/json',
  yaml: 'application/yaml',
  xml: 'application/xml',
  gz: 'application/gzip',
  bz2: 'application/x-bzip2',
  xz: 'application/x-xz',
  zst: 'application/zstd',
  tar: 'application/x-tar',
  deb: 'application/vnd.debian.binary-package',
  udeb: 'application/vnd.debian.binary-package',
  rpm: 'application/x-rpm',
  png: 'image/png',
};

const UNKNOWN = 'application/octet-stream';

/** By the ending of the name, whatever its case. No `Content-Encoding` goes with it: `.gz` files stay as they are. */
export function contentTypeOf(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const dot = name.lastIndexOf('.');
  if (dot === -1) return UNKNOWN;
  const ending = name.slice(dot + 1).toLowerCase();
  return Object.hasOwn(TYPES, ending) ? (TYPES[ending] ?? UNKNOWN) : UNKNOWN;
}
