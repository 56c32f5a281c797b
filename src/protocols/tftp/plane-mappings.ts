import type { Libc } from '../../os/libc.ts';
import type { OpenDescriptor } from '../../lib/byte-source.ts';

/** Files that are mapped at once ... */
const MAX_MAPPINGS = 4096;
/** ... and their bytes in all: address space, not memory. */
const MAX_MAPPED_BYTES = 1024 ** 4;

interface Mapping {
  readonly number: number;
  readonly identity: string;
  readonly address: number;
  readonly bytes: number;
  /** By holder: how often it was given and not yet taken back. */
  readonly given: Map<object, number>;
}

/**
 * The files whose bytes the plane sends, each mapped once for all its transfers. They belong to the main thread, so
 * that a thread that dies leaves nothing behind.
 */
export class PlaneMappings {
  readonly #libc: Pick<Libc, 'mapFile' | 'unmap'>;
  readonly #byIdentity = new Map<string, Mapping>();
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
   * @returns undefined when no more can be mapped. @throws SystemCallError for a file that cannot be
   */
  give(
    holder: object,
    { descriptor, identity }: OpenDescriptor,
    bytes: number,
  ): Pick<Mapping, 'number' | 'address' | 'bytes'> | undefined {
    const mapping = this.#byIdentity.get(identity) ?? this.#map(descriptor, identity, bytes);
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

  #map(descriptor: number, identity: string, bytes: number): Mapping | undefined {
    if (this.#byNumber.size >= MAX_MAPPINGS || this.#bytes + bytes > MAX_MAPPED_BYTES) return undefined;
    const address = this.#libc.mapFile(descriptor, bytes);
    this.#last += 1;
    const mapping = { number: this.#last, identity, address, bytes, given: new Map<object, number>() };
    this.#byIdentity.set(identity, mapping);
    this.#byNumber.set(mapping.number, mapping);
    this.#bytes += bytes;
    return mapping;
  }

  #unmap(mapping: Mapping): void {
    this.#byIdentity.delete(mapping.identity);
    this.#byNumber.delete(mapping.number);
    this.#bytes -= mapping.bytes;
    this.#libc.unmap(mapping.address, mapping.bytes);
  }
}
