import { type Found, type ListReader, listedPath, rowsAt } from './list-reader.ts';
import { makeProof } from './proof.ts';

/** A tag of XML and the text behind it; closing tags have a slash before their name. */
interface Tag {
  readonly name: string;
  readonly attribute: (name: string) => string | undefined;
  readonly text: string;
}

/**
 * `repomd.xml`: each `data` element has the place, the digest and the bytes of one index.
 *
 * @param root the folder above `repodata/`, with a slash at its end.
 */
export function readRepomd(root: string, found: Found): ListReader {
  return readElements('data', root, found);
}

/** `primary.xml`, the same for each `package` element. */
export function readPrimary(root: string, found: Found): ListReader {
  return readElements('package', root, found);
}

function readElements(element: string, root: string, found: Found): ListReader {
  let digest: readonly [algorithm: string, hex: string] | undefined;
  let bytes: number | undefined;
  let href: string | undefined;
  const onTag = ({ name, attribute, text }: Tag): void => {
    switch (name) {
      case element:
        [digest, bytes, href] = [undefined, undefined, undefined];
        return;
      case 'checksum':
        digest = [attribute('type') ?? '', text.trim()];
        return;
      case 'size':
        // That of a package is an attribute, that of an index stands between the tags.
        bytes = wholeNumber(attribute('package') ?? text.trim());
        return;
      case 'location':
        // One with a base of its own lies on another server.
        href = attribute('xml:base') === undefined ? attribute('href') : undefined;
        return;
      case `/${element}`: {
        const proof = digest === undefined ? undefined : makeProof(digest[0], digest[1], bytes);
        const path = href === undefined ? undefined : listedPath(root, href);
        if (proof !== undefined && path !== undefined) found(path, proof);
        return;
      }
      default:
    }
  };
  return rowsAt('<', (row) => {
    const tag = readTag(row);
    if (tag !== undefined) onTag(tag);
  });
}

/** @param row what stands between two "<". */
function readTag(row: string): Tag | undefined {
  const close = row.indexOf('>');
  const [, name] = /^(\/?[A-Za-z][\w:.-]*)/.exec(row) ?? [];
  if (close === -1 || name === undefined) return undefined;
  const attributes = row.slice(name.length, close);
  return {
    name,
    text: plain(row.slice(close + 1)),
    attribute: (wanted) => {
      const [, double, single] =
        new RegExp(`(?:^|\\s)${wanted}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`).exec(attributes) ?? [];
      const value = double ?? single;
      return value === undefined ? undefined : plain(value);
    },
  };
}

/** XML 1.0 §4.6. */
const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function plain(text: string): string {
  if (!text.includes('&')) return text;
  return text.replaceAll(/&(\w+);/g, (whole, name: string) => ENTITIES[name] ?? whole);
}

function wholeNumber(text: string): number | undefined {
  return /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}
