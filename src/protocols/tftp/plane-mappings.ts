import type { Libc } from '../../os/libc.ts';
import type { Extent, OpenDescriptor } from '../../lib/byte-source.ts';

/** Files that are mapped at once ... */
const MAX_MAPPINGS = 4096;
/** ... and their bytes in all: address space, not memory. */
const MAX_MAPPED_BYTES = 1024 ** 4;

/** Mappings begin at a multiple of this; no machine that Node runs on has larger pages. */
const PAGE_BYTES = 65_536;

interface Mapping {
  readonly number: number;
  readonly key: string;
  /** Of the first byte that was asked for. */
  readonly address: number;
  readonly bytes: number;
  /** Mapped before the first byte, since a mapping begins with a page. */
  readonly before: number;
  /** By holder: how often it was given and not yet taken back. */
  readonly given: Map<object, number>;
}

/**
 * The files whose bytes the plane sends, each mapped once for all its transfers. They belong to the main thread, so
 * that a thread that dies leaves nothing behind.
 */
export class PlaneMappings {
  readonly #libc: Pick<Libc, 'mapFile' | 'unmap'>;
  readonly #byKey = new Map<string, Mapping>();
  readonly #byNumber = new Map<number, Mapping>();
  #last = 0;
  #bytes = 0;

  constructor(libc: Pick<Libc, 'mapFile' | 'unmap'>) {
    this.#libc = libc;
  }

  get size(): number {
    return this.#byNumber.size;
  }

  /**
   * The descriptor may be closed afterwards.
   *
   * @param extent which bytes of the file.
   * @returns undefined when no more can be mapped. @throws SystemCallError for a file that cannot be
   */
  give(
    holder: object,
    { descriptor, identity }: OpenDescriptor,
    extent: Extent,
  ): Pick<Mapping, 'number' | 'address' | 'bytes'> | undefined {
    const key = `${identity} ${extent.offset} ${extent.length}`;
    const mapping = this.#byKey.get(key) ?? this.#map(descriptor, key, extent);
    if (!mapping) return undefined;
    mapping.given.set(holder, (mapping.given.get(holder) ?? 0) + 1);
    return mapping;
  }

  takeBack(holder: object, number: number, times: number): void {
    const mapping = this.#byNumber.get(number);
    if (!mapping) return;
    const left = (mapping.given.get(holder) ?? 0) - times;
    if (left > 0) mapping.given.set(holder, left);
    else mapping.given.delete(holder);
    if (mapping.given.size === 0) this.#unmap(mapping);
  }

  /** A holder is gone, with all that it had. */
  takeBackAll(holder: object): void {
    for (const mapping of this.#byNumber.values()) {
      if (mapping.given.delete(holder) && mapping.given.size === 0) this.#unmap(mapping);
    }
  }

  #map(descriptor: number, key: string, { offset, length: bytes }: Extent): Mapping | undefined {
    if (this.#byNumber.size >= MAX_MAPPINGS || this.#bytes + bytes > MAX_MAPPED_BYTES) return undefined;
    const before = offset % PAGE_BYTES;
    const address = this.#libc.mapFile(descriptor, offset - before, before + bytes) + before;
    this.#last += 1;
    const mapping = { number: this.#last, key, address, bytes, before, given: new Map<object, number>() };
    this.#byKey.set(key, mapping);
    this.#byNumber.set(mapping.number, mapping);
    this.#bytes += bytes;
    return mapping;
  }

  #unmap(mapping: Mapping): void {
    this.#byKey.delete(mapping.key);
    this.#byNumber.delete(mapping.number);
    this.#bytes -= mapping.bytes;
    this.#libc.unmap(mapping.address - mapping.before, mapping.before + mapping.bytes);
  }
}
