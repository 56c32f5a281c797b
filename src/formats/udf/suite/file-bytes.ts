import { type Address, Descriptor, encodeCs0 } from './descriptor-bytes.ts';
import type { FilePlan, LinkPlan, UdfPlan } from './udf-plan.ts';

/** A file's entry but for what is the same in all. */
export interface EntryParts {
  readonly type: number;
  readonly form: number;
  readonly size: number;
  readonly list: Uint8Array;
}

export function fileEntry(
  block: number,
  { type, form, size, list }: EntryParts,
  options: { readonly blockBytes: number; readonly entries: UdfPlan['entries']; readonly version: number },
): Uint8Array {
  const { blockBytes, entries, version } = options;
  // The extended entry has the size twice, and the time of its creation.
  const [later, listAt] = entries === 'extended' ? [20, 216] : [0, 176];
  const entry = new Descriptor(blockBytes)
    .uint16(20, 4)
    .uint16(24, 1)
    .uint8(27, type)
    .uint16(34, form)
    .uint32(36, 0xffff_ffff)
    .uint32(40, 0xffff_ffff)
    .uint32(44, 0b00101_00101_00101)
    .uint16(48, 1)
    .uint64(56, size)
    .uint64(entries === 'extended' ? 72 : 64, Math.ceil(size / blockBytes));
  if (entries === 'extended') entry.uint64(64, size).timestamp(104);
  for (const at of [72, 84]) entry.timestamp(at + (later > 0 ? 8 : 0));
  return entry
    .timestamp(later > 0 ? 116 : 96)
    .uint32(later > 0 ? 128 : 108, 1)
    .entityId(listAt - 48, '*Test')
    .uint64(listAt - 16, block + 16)
    .uint32(listAt - 4, list.length)
    .put(listAt, list)
    .seal(entries === 'extended' ? 266 : 261, block, version, listAt + list.length);
}

/** An allocation descriptor of any form; `state` are the two bits above the length. */
export function place(
  form: FilePlan['placed'],
  bytes: number,
  state: number,
  { block, partition }: Address,
): Uint8Array {
  const length = (state * 2 ** 30 + bytes) >>> 0;
  if (form === 'short') return new Descriptor(8).uint32(0, length).uint32(4, block).bytes;
  if (form === 'long') return new Descriptor(16).longAddress(0, length, { block, partition }).bytes;
  const recorded = state === 0 ? bytes : 0;
  return new Descriptor(20)
    .uint32(0, length)
    .uint32(4, recorded)
    .uint32(8, recorded)
    .uint32(12, block)
    .uint16(16, partition).bytes;
}

export function linkBytes({ components }: LinkPlan): Uint8Array {
  return Uint8Array.from(
    components.flatMap(([kind, name]) => {
      const bytes = encodeCs0(name);
      return [kind, bytes.length, 0, 0, ...bytes];
    }),
  );
}
