import { DecodeError } from '../../lib/decode-error.ts';
import { LittleEndian } from '../../lib/little-endian.ts';
import { decodeCs0 } from './text.ts';

/** The bytes of a symbolic link: more than any path that a system opens. */
export const MAX_LINK_BYTES = 16_384;

/** Kinds of path components (ECMA-167 4/14.16.1.1). */
const Component = { rootOfAll: 1, root: 2, parent: 3, current: 4, name: 5 } as const;
const HEADER_BYTES = 4;

/** The path that a symbolic link holds as a list of components (ECMA-167 4/14.16). */
export function decodeLinkTarget(bytes: Uint8Array): string {
  const fields = new LittleEndian(bytes);
  const parts: string[] = [];
  let start = '';
  for (let at = 0; at < bytes.length; ) {
    const name = fields.bytes(at + HEADER_BYTES, fields.uint8(at + 1));
    const kind = fields.uint8(at);
    at += HEADER_BYTES + name.length;
    switch (kind) {
      case Component.rootOfAll:
      case Component.root:
        parts.length = 0;
        start = '/';
        break;
      case Component.parent:
        parts.push('..');
        break;
      case Component.current:
        parts.push('.');
        break;
      case Component.name:
        parts.push(partOf(name, at));
        break;
      default:
        throw new DecodeError(`A link has a component of the kind ${kind}`, at);
    }
  }
  return start + parts.join('/');
}

function partOf(bytes: Uint8Array, at: number): string {
  const name = decodeCs0(bytes);
  if (/^$|[/\0]/.test(name)) throw new DecodeError(`A link has the component ${JSON.stringify(name)}`, at);
  return name;
}
