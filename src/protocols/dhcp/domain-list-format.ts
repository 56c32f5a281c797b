import { ByteReader, decodeText } from '../../lib/byte-reader.ts';
import { ByteWriter } from '../../lib/byte-writer.ts';
import { DecodeError } from '../../lib/decode-error.ts';
import type { OptionFormat } from './option-formats.ts';

const MAX_LABEL_BYTES = 63;
const MAX_NAME_BYTES = 253;
/** Names of a search list at most; resolvers read six, and a hostile one must not cost time. */
const MAX_NAMES = 64;

/** Domain search (RFC 3397): names as in DNS. Compression is read, and not written, since some clients cannot. */
export const domainList: OptionFormat<readonly string[]> = {
  kind: 'domain list',
  decode(bytes) {
    const names: string[] = [];
    let at = 0;
    while (at < bytes.length) {
      if (names.length === MAX_NAMES) throw new DecodeError(`There are more than ${MAX_NAMES} names`, at);
      const { name, next } = readName(bytes, at);
      names.push(name);
      at = next;
    }
    return names;
  },
  encode(names) {
    const writer = new ByteWriter();
    for (const name of names) writeName(name, writer);
    return writer.finish();
  },
};

function readName(bytes: Uint8Array, start: number): { name: string; next: number } {
  const labels: string[] = [];
  let at = start;
  let next: number | undefined;
  let nameBytes = 0;
  for (;;) {
    const reader = new ByteReader(bytes, at);
    const length = reader.uint8();
    if (length >= 0xc0) {
      const target = (length & 0x3f) * 0x100 + reader.uint8();
      next ??= reader.offset;
      // A pointer leads back only, and a name has a longest length, so that none goes in circles for ever.
      if (target >= at) throw new DecodeError('A compressed name points forward', at);
      at = target;
    } else if (length === 0) {
      return { name: labels.join('.'), next: next ?? reader.offset };
    } else {
      nameBytes += length + 1;
      if (length > MAX_LABEL_BYTES || nameBytes > MAX_NAME_BYTES + 1)
        throw new DecodeError('A domain name is too long', at);
      labels.push(decodeText(reader.bytes(length)));
      at = reader.offset;
    }
  }
}

function writeName(name: string, writer: ByteWriter): void {
  if (name.length === 0 || name.length > MAX_NAME_BYTES)
    throw new RangeError(`A domain name has 1 to ${MAX_NAME_BYTES} letters, "${name}" has ${name.length}`);
  for (const label of name.split('.')) {
    const encoded = new TextEncoder().encode(label);
    if (encoded.length === 0 || encoded.length > MAX_LABEL_BYTES)
      throw new RangeError(`Each part of "${name}" must have 1 to ${MAX_LABEL_BYTES} bytes`);
    writer.uint8(encoded.length).bytes(encoded);
  }
  writer.uint8(0);
}
