import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FileHandles, HANDLE_BYTES } from './file-handle.ts';
import { testMac } from './suite/asked-engine.ts';

const handles = new FileHandles(testMac);
const meaning = fc.record({ exportNumber: fc.nat(0xffff_ffff), nodeId: fc.maxSafeNat() });

describe('a file handle', () => {
  test('means what it was made for, also to a server that was started anew', () => {
    fc.assert(
      fc.property(meaning, (made) => {
        const handle = handles.encode(made);
        expect(handle).toHaveLength(HANDLE_BYTES);
        expect(new FileHandles(testMac).decode(handle)).toEqual(made);
      }),
    );
  });

  test('is the same each time', () => {
    const made = { exportNumber: 1, nodeId: 2 };
    expect(handles.encode(made)).toEqual(new FileHandles(testMac).encode(made));
  });

  test('means nothing with any bit of it changed', () => {
    fc.assert(
      fc.property(meaning, fc.nat(HANDLE_BYTES - 1), fc.integer({ min: 1, max: 255 }), (made, at, change) => {
        const handle = handles.encode(made);
        handle[at] = (handle[at] ?? 0) ^ change;
        expect(handles.decode(handle)).toBeUndefined();
      }),
    );
  });

  test('means nothing to a server with another key', () => {
    const other = new FileHandles((bytes) => testMac(Buffer.concat([bytes, Buffer.from('x')])));
    expect(other.decode(handles.encode({ exportNumber: 1, nodeId: 1 }))).toBeUndefined();
  });

  test('of any length that was made up means nothing', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        expect(handles.decode(bytes)).toBeUndefined();
      }),
    );
  });
});
