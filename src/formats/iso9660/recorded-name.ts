import type { DiscFields } from './disc-fields.ts';

/** How the names of a disc are written, best first. */
export type Naming = 'rock ridge' | 'joliet' | 'enhanced' | 'plain';

/** The most that a name may have, which is what file systems of clients can hold (NAME_MAX). */
export const MAX_NAME_BYTES = 255;

/** Every file has a version behind a semicolon (ECMA-119 §7.5.1), nearly always 1. */
const VERSION = /;\d{1,5}$/;
const LONE_SURROGATE = /\p{Surrogate}/gu;

/** The name as it stands in the record itself; where there is Rock Ridge its own name goes before this. */
export function recordedName(fields: DiscFields, at: number, length: number, naming: Naming): string {
  switch (naming) {
    case 'joliet':
      return jolietText(fields, at, length).replace(VERSION, '');
    case 'enhanced':
      return withoutVersion(fields.text(at, length));
    case 'rock ridge':
    case 'plain':
      // All letters are capitals here, and where Linux mounts such a disc nobody sees them so (its map=normal).
      return withoutVersion(fields.text(at, length)).replaceAll(/[A-Z]+/g, (letters) =>
        letters.toLowerCase(),
      );
    default:
      return naming satisfies never;
  }
}

/** A file without an ending has a dot all the same (ECMA-119 §7.5.1). */
function withoutVersion(name: string): string {
  return name.replace(VERSION, '').replace(/\.$/, '');
}

/** UCS-2, big-endian, as Joliet has it; pairs that make one letter are taken for that, as everybody writes them. */
export function jolietText(fields: DiscFields, at: number, length: number): string {
  let text = '';
  let isPlain = true;
  for (let place = at; place + 1 < at + length; place += 2) {
    const unit = fields.uint16Big(place);
    isPlain &&= unit < 0xd800 || unit > 0xdfff;
    text += String.fromCharCode(unit);
  }
  return isPlain ? text : text.replaceAll(LONE_SURROGATE, '\uFFFD');
}

/** Why a tree cannot show a name; undefined where it can. */
export function whyNoName(name: string): string | undefined {
  if (name === '') return 'it has no name';
  if (name === '.' || name === '..') return `it is named "${name}"`;
  if (name.includes('/') || name.includes('\0')) return 'its name holds "/" or NUL';
  return undefined;
}
