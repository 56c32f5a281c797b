import { decodeText } from '../../lib/byte-reader.ts';
import { ByteWriter } from '../../lib/byte-writer.ts';
import type { DiscFields } from './disc-fields.ts';

/** The most that the target of a link may have: what POSIX systems take (PATH_MAX, without its NUL). */
export const MAX_TARGET_BYTES = 4095;

/** RRIP 1.12 §4.1.3.1. */
const ComponentFlag = { continues: 1, itself: 2, parent: 4, root: 8, volumeRoot: 0x10, host: 0x20 } as const;
const LINK_CONTINUES = 1;
const SLASH = new TextEncoder().encode('/');
const ITSELF = new TextEncoder().encode('.');
const PARENT = new TextEncoder().encode('..');

/** Puts the target of a link together from its SL entries: RRIP 1.12 §4.1.3. */
export class SymbolicLink {
  readonly #target = new ByteWriter(MAX_TARGET_BYTES, 64);
  #whyNot: string | undefined;
  /** The next component is another name, and not the rest of the last. */
  #atName = true;
  #isWhole = false;
  /** It ends with the slash of a root, and needs none before the next name. */
  #isRooted = false;

  /** @param at where the entry begins, and `end` where it ends. */
  add(fields: DiscFields, at: number, end: number): void {
    this.#isWhole = (fields.uint8(at + 4) & LINK_CONTINUES) === 0;
    for (let place = at + 5; place + 2 <= end; ) {
      const flags = fields.uint8(place);
      const length = fields.uint8(place + 1);
      if (place + 2 + length > end) {
        this.#whyNot ??= 'a part of its target is longer than its entry';
        return;
      }
      this.#addComponent(flags, fields.slice(place + 2, length));
      place += 2 + length;
    }
  }

  /** As bytes; undefined where `whyNot` says why. */
  get target(): string | undefined {
    return this.whyNot === undefined ? decodeText(this.#target.finish()) : undefined;
  }

  get whyNot(): string | undefined {
    if (this.#whyNot !== undefined) return this.#whyNot;
    if (!this.#isWhole || !this.#atName) return 'the end of its target is missing';
    return this.#target.length === 0 ? 'it leads nowhere' : undefined;
  }

  #addComponent(flags: number, name: Uint8Array): void {
    if (this.#whyNot !== undefined) return;
    if (flags & ComponentFlag.host) {
      this.#whyNot = 'it leads to another host';
      return;
    }
    if (this.#atName && this.#target.length > 0 && !this.#isRooted) this.#write(SLASH);
    // The root of the volume is that of what the disc is shown as: its tree. Behind other names a root is what
    // libisofs has between two slashes.
    this.#isRooted = (flags & (ComponentFlag.root | ComponentFlag.volumeRoot)) !== 0;
    if (this.#isRooted) {
      this.#write(SLASH);
      this.#atName = true;
      return;
    }
    if (flags & ComponentFlag.itself) this.#write(ITSELF);
    else if (flags & ComponentFlag.parent) this.#write(PARENT);
    else this.#write(name);
    this.#atName = (flags & ComponentFlag.continues) === 0;
  }

  #write(bytes: Uint8Array): void {
    if (this.#target.length + bytes.length > MAX_TARGET_BYTES)
      this.#whyNot ??= `its target has more than ${MAX_TARGET_BYTES} bytes`;
    else this.#target.bytes(bytes);
  }
}
