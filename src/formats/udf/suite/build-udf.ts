import { type Address, Descriptor, encodeCs0, fileIdentifier } from './descriptor-bytes.ts';
import { type EntryParts, fileEntry, linkBytes, place } from './file-bytes.ts';
import type { FilePlan, FolderPlan, LinkPlan, UdfPlan } from './udf-plan.ts';
import { FIRST_SECTOR, writeVolume } from './volume-bytes.ts';

/**
 * Builds the image of a UDF disc, since no tool at hand fills one of 2.50, or one with holes and lists that go on. It
 * is written from the specification alone; `udfinfo` and 7-Zip were seen to read what it makes.
 */
export interface BuiltUdf {
  readonly image: Uint8Array;
  /** Where the entry of a node is, in bytes of the image. */
  entryAt(node: object): number;
  /** The same as an address, in the partition of the entries. */
  addressOf(node: object): Address;
}

type NodePlan = FilePlan | FolderPlan | LinkPlan;

const DATA = 0;

export function buildUdf(plan: UdfPlan): BuiltUdf {
  return new UdfBuilder(plan).build();
}

class UdfBuilder {
  readonly #plan: UdfPlan;
  readonly #version: number;
  /** The number of the partition that entries are in. */
  readonly #entries: number;
  /** Blocks of each partition, as far as they are written. */
  readonly #blocks: [data: Uint8Array[], metadata: Uint8Array[]] = [[], []];
  readonly #addresses = new Map<object, Address>();

  constructor(plan: UdfPlan) {
    this.#plan = plan;
    this.#version = plan.revision >= 0x0200 ? 3 : 2;
    this.#entries = plan.metadata === 'none' ? 0 : 1;
  }

  build(): BuiltUdf {
    const { blockBytes, root } = this.#plan;
    // The entries of the metadata file and its mirror come first.
    if (this.#entries === 1) this.#take(DATA, 2);
    const set = this.#take(this.#entries, 2);
    const top = this.#add(root, undefined);
    this.#write({ block: set, partition: this.#entries }, this.#fileSet(set, top));
    this.#write(
      { block: set + 1, partition: this.#entries },
      new Descriptor(blockBytes).seal(8, set + 1, this.#version),
    );
    const placeOf = this.#entries === 1 ? this.#placeMetadata() : (block: number) => block;
    const image = writeVolume(this.#plan, this.#blocks[DATA], this.#version, set);
    const place = (node: object): Address => this.#addresses.get(node) ?? { block: 0, partition: 0 };
    return {
      image,
      addressOf: place,
      entryAt: (node) => (FIRST_SECTOR + placeOf(place(node).block)) * blockBytes,
    };
  }

  /** The first of that many new blocks. */
  #take(partition: number, count: number): number {
    const blocks = this.#blocks[partition] ?? [];
    const first = blocks.length;
    for (let index = 0; index < count; index += 1) blocks.push(new Uint8Array(this.#plan.blockBytes));
    return first;
  }

  #write({ block, partition }: Address, bytes: Uint8Array): void {
    const { blockBytes } = this.#plan;
    for (let at = 0; at < bytes.length; at += blockBytes)
      this.#blocks[partition]?.[block + at / blockBytes]?.set(bytes.subarray(at, at + blockBytes));
  }

  /** Puts bytes into new blocks. */
  #store(partition: number, bytes: Uint8Array): Address {
    const block = this.#take(partition, Math.ceil(bytes.length / this.#plan.blockBytes));
    this.#write({ block, partition }, bytes);
    return { block, partition };
  }

  #add(node: NodePlan, parent: Address | undefined): Address {
    const known = this.#addresses.get(node);
    if (known) return known;
    const address = { block: this.#take(this.#entries, 1), partition: this.#entries };
    this.#addresses.set(node, address);
    if (node.kind === 'folder') this.#addFolder(node, address, parent ?? address);
    else if (node.kind === 'link') this.#addEmbedded(address, 12, linkBytes(node));
    else this.#addFile(node, address);
    return address;
  }

  #addFolder({ names, embedded, parentLast }: FolderPlan, address: Address, parent: Address): void {
    const { blockBytes } = this.#plan;
    const above = fileIdentifier([], parent, { characteristics: 0x0a, blockBytes });
    const others = names.map(({ name, node, characteristics = 0, rawName, extra }) =>
      fileIdentifier(rawName ?? encodeCs0(name), this.#add(node, address), {
        characteristics: characteristics | (node.kind === 'folder' ? 2 : 0),
        blockBytes,
        ...(extra === undefined ? {} : { extra }),
      }),
    );
    const bytes = Buffer.concat(parentLast ? [...others, above] : [above, ...others]);
    if (embedded) return this.#addEmbedded(address, 4, bytes);
    const { block } = this.#store(this.#entries, bytes);
    const list = new Descriptor(8).uint32(0, bytes.length).uint32(4, block).bytes;
    return this.#writeEntry(address, { type: 4, form: 0, size: bytes.length, list });
  }

  #addEmbedded(address: Address, type: number, bytes: Uint8Array): void {
    this.#writeEntry(address, { type, form: 3, size: bytes.length, list: bytes });
  }

  #addFile(node: FilePlan, address: Address): void {
    const size = node.parts.reduce<number>(
      (sum, part) => sum + (typeof part === 'number' ? part : part.length),
      0,
    );
    const type = node.type ?? 5;
    if (node.placed === 'embedded') {
      const bytes = Buffer.concat(node.parts.filter((part) => typeof part !== 'number'));
      return this.#writeEntry(address, { type, form: 3, size, list: bytes });
    }
    const { placed } = node;
    const descriptors = node.parts.map((part) =>
      typeof part === 'number'
        ? place(placed, part, 2, { block: 0, partition: 0 })
        : place(placed, part.length, 0, this.#store(DATA, part)),
    );
    const form = { short: 0, long: 1, extended: 2 }[placed];
    return this.#writeEntry(address, { type, form, size, list: this.#lists(node, descriptors) });
  }

  /** All in one list, or the first of several, whose last place is the next. */
  #lists({ listed, placed }: FilePlan, descriptors: readonly Uint8Array[]): Uint8Array {
    if (listed === undefined || descriptors.length <= listed) return Buffer.concat(descriptors);
    const rest = this.#lists({ kind: 'file', placed: placed, parts: [], listed }, descriptors.slice(listed));
    const { blockBytes } = this.#plan;
    // A list stands where the entries stand.
    const block = this.#take(this.#entries, 1);
    const extent = new Descriptor(24 + rest.length)
      .uint32(20, rest.length)
      .put(24, rest)
      .seal(258, block, this.#version);
    this.#write({ block, partition: this.#entries }, extent);
    const next = place(placed, blockBytes, 3, { block, partition: this.#entries });
    return Buffer.concat([...descriptors.slice(0, listed), next]);
  }

  #writeEntry(address: Address, entry: EntryParts): void {
    const { blockBytes, entries } = this.#plan;
    const bytes = fileEntry(address.block, entry, { blockBytes, entries, version: this.#version });
    this.#write(address, bytes);
  }

  #fileSet(block: number, root: Address): Uint8Array {
    const { blockBytes, revision } = this.#plan;
    return new Descriptor(512)
      .timestamp(16)
      .uint16(28, 3)
      .uint16(30, 3)
      .uint32(32, 1)
      .uint32(36, 1)
      .charset(48)
      .dstring(112, 128, 'Built')
      .charset(240)
      .dstring(304, 32, 'Built')
      .longAddress(400, blockBytes, root)
      .entityId(416, '*OSTA UDF Compliant', [revision & 0xff, revision >> 8])
      .seal(256, block, this.#version);
  }

  /**
   * Puts the metadata into the partition of the data, and its mirror behind it.
   *
   * @returns where in that partition a block of the metadata is.
   */
  #placeMetadata(): (block: number) => number {
    const { blockBytes, metadata } = this.#plan;
    const bytes = Buffer.concat(this.#blocks[1]);
    const half = Math.ceil(this.#blocks[1].length / 2);
    const parts =
      metadata === 'partition'
        ? [bytes]
        : [bytes.subarray(0, half * blockBytes), bytes.subarray(half * blockBytes)];
    const [main = []] = [250, 251].map((type, index) => {
      const places = parts.map((part) => {
        this.#take(DATA, 1);
        return this.#store(DATA, part);
      });
      const list = Buffer.concat([
        ...places.map((at, part) => place('short', parts[part]?.length ?? 0, 0, at)),
        // Windows 10 has one of no bytes behind the others.
        new Uint8Array(8),
      ]);
      const options = { blockBytes, entries: 'extended', version: this.#version } as const;
      const entry = fileEntry(index, { type, form: 0, size: bytes.length, list }, options);
      this.#write({ block: index, partition: DATA }, entry);
      return places;
    });
    return (block) =>
      block < half || main.length === 1
        ? (main[0]?.block ?? 0) + block
        : (main[1]?.block ?? 0) + block - half;
  }
}
