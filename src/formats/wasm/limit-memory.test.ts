import { describe, expect, test } from 'vitest';
import { limitMemory } from './limit-memory.ts';

const HEAD = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];
/** Section 7: the memory is exported as `m`. */
const EXPORT = [0x07, 0x05, 0x01, 0x01, 0x6d, 0x02, 0x00];

function moduleWith(...sections: readonly (readonly number[])[]): Uint8Array<ArrayBuffer> {
  return Uint8Array.from([...HEAD, ...sections.flat()]);
}

interface Memory {
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}

interface Engine {
  readonly Module: new (bytes: Uint8Array<ArrayBuffer>) => object;
  readonly Instance: new (module: object) => { readonly exports: { readonly m: Memory } };
}

function memoryOf(bytes: Uint8Array<ArrayBuffer>): Memory {
  const { Module, Instance } = (globalThis as unknown as { readonly WebAssembly: Engine }).WebAssembly;
  return new Instance(new Module(bytes)).exports.m;
}

describe('a memory grows up to the limit and no further', () => {
  for (const [name, memory, limit, pages] of [
    ['one without a maximum', [0x05, 0x03, 0x01, 0x00, 0x02], 5, 5],
    ['one with a larger maximum', [0x05, 0x05, 0x01, 0x01, 0x02, 0x80, 0x02], 200, 200],
    ['one with a smaller maximum', [0x05, 0x04, 0x01, 0x01, 0x02, 0x03], 200, 3],
  ] as const) {
    test(name, () => {
      const limited = memoryOf(limitMemory(moduleWith([0x00, 0x02, 0x01, 0x78], memory, EXPORT), limit));
      limited.grow(pages - 2);
      expect(limited.buffer.byteLength).toBe(pages * 65_536);
      expect(() => limited.grow(1)).toThrow(RangeError);
    });
  }
});

describe('what is no module with one memory of its own is refused', () => {
  for (const [name, bytes, because] of [
    ['no module', Uint8Array.from([1, 2, 3, 4, 5, 6, 7, 8]), /no WebAssembly module/],
    ['nothing', new Uint8Array(0), /1 bytes were expected/],
    ['no memory', moduleWith([0x00, 0x02, 0x01, 0x78]), /no memory of its own/],
    ['a shared memory', moduleWith([0x05, 0x04, 0x01, 0x03, 0x01, 0x02]), /not shared/],
    ['two memories', moduleWith([0x05, 0x05, 0x02, 0x00, 0x01, 0x00, 0x01]), /One memory/],
    ['one that begins too large', moduleWith([0x05, 0x03, 0x01, 0x00, 0x20]), /begins with 32 pages/],
    ['a wrong length', moduleWith([0x05, 0x04, 0x01, 0x00, 0x02, 0x00]), /not as long as it says/],
    ['a number without end', moduleWith([0x05, 0xff, 0xff, 0xff, 0xff, 0xff]), /too many bytes/],
    ['a section beyond the end', moduleWith([0x00, 0x7f, 0x00]), /127 bytes were expected/],
  ] as const) {
    test(name, () => expect(() => limitMemory(bytes, 5)).toThrow(because));
  }
});
