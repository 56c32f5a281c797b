import { type Found, type ListReader, listedPath, rowsAt } from './list-reader.ts';
import { makeProof, type Proof } from './proof.ts';

/** Fields of a stanza that say what the file of a package is. */
const DIGESTS: Readonly<Record<string, string>> = { SHA256: 'sha256', SHA512: 'sha512', SHA1: 'sha1' };

/**
 * `Packages`: stanzas with an empty line between them. `Filename` begins at the root of the archive, which is what is
 * above `dists/`.
 */
export function readPackages(root: string, found: Found): ListReader {
  let name: string | undefined;
  let bytes: number | undefined;
  let digests: [algorithm: string, hex: string][] = [];
  const endStanza = (): void => {
    const path = name === undefined ? undefined : listedPath(root, name);
    const proof = bestProof(digests, bytes);
    if (path !== undefined && proof !== undefined) found(path, proof);
    [name, bytes, digests] = [undefined, undefined, []];
  };
  const rows = rowsAt('\n', (line) => {
    if (line.trim() === '') {
      endStanza();
      return;
    }
    // Only a few fields of some thirty matter, and this sees every line of 40 MB.
    const colon = line.indexOf(':');
    if (colon < 1 || line.charCodeAt(0) === 0x20) return;
    const field = line.slice(0, colon);
    const algorithm = DIGESTS[field];
    if (algorithm !== undefined) digests.push([algorithm, line.slice(colon + 1).trim()]);
    else if (field === 'Filename') name = line.slice(colon + 1).trim();
    else if (field === 'Size') bytes = wholeNumber(line.slice(colon + 1).trim());
  });
  return {
    push: (text) => rows.push(text),
    end() {
      rows.end();
      endStanza();
    },
  };
}

/** `SHA256SUMS` and its like: digest, blank, a blank or a star, path from the folder of the file. */
export function readSums(folder: string, found: Found): ListReader {
  return rowsAt('\n', (line) => {
    const [, hex = '', name = ''] = /^([0-9a-f]{40,128}) [ *](\S.*?)\s*$/.exec(line) ?? [];
    const algorithm = hex.length === 64 ? 'sha256' : hex.length === 128 ? 'sha512' : 'sha1';
    const proof = makeProof(algorithm, hex);
    const path = listedPath(folder, name);
    if (proof !== undefined && path !== undefined) found(path, proof);
  });
}

/** `.treeinfo`, section `checksums`: `images/pxeboot/vmlinuz = sha256:…`. */
export function readTreeInfo(folder: string, found: Found): ListReader {
  let section = '';
  return rowsAt('\n', (line) => {
    const [, name] = /^\[([^\]]*)\]/.exec(line) ?? [];
    if (name !== undefined) section = name;
    if (section !== 'checksums') return;
    const [, file = '', algorithm = '', hex = ''] = /^(\S+)\s*=\s*(\w+):([0-9a-fA-F]+)\s*$/.exec(line) ?? [];
    const proof = makeProof(algorithm, hex);
    const path = listedPath(folder, file);
    if (proof !== undefined && path !== undefined) found(path, proof);
  });
}

function bestProof(
  digests: readonly (readonly [string, string])[],
  bytes: number | undefined,
): Proof | undefined {
  const proofs = digests.flatMap(([algorithm, hex]) => makeProof(algorithm, hex, bytes) ?? []);
  return proofs.find(({ algorithm }) => algorithm === 'sha256') ?? proofs[0];
}

function wholeNumber(text: string): number | undefined {
  return /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}
