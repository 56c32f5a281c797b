import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { NFS3 } from './nfs3.ts';
import { AskedEngine, exportOf, PEER, testMac } from './suite/asked-engine.ts';
import { BytesElsewhere, LinkTo, MemoryTree, MTIME_MS } from './suite/memory-tree.ts';
import { callBytes, type MessageReader, type Word, words } from './suite/rpc-messages.ts';
import { FileHandles } from './file-handle.ts';

const Status = {
  NOENT: 2,
  IO: 5,
  NOTDIR: 20,
  INVAL: 22,
  ROFS: 30,
  NAMETOOLONG: 63,
  STALE: 70,
  BADHANDLE: 10001,
};
const KERNEL = Uint8Array.from({ length: 10_007 }, (_, at) => (at * 7) % 251);

const makeTree = (): MemoryTree =>
  new MemoryTree({
    casper: { vmlinuz: KERNEL, empty: new Uint8Array(0), ünïcode: Uint8Array.of(1) },
    stable: new LinkTo('../../etc/passwd'),
    program: new BytesElsewhere(5, () => Promise.reject(new Error('the disk is gone'))),
    large: new BytesElsewhere(2 ** 40, () =>
      Promise.resolve({
        size: 2 ** 40,
        read: (_, length) => Promise.resolve(new Uint8Array(length)),
        close: () => Promise.resolve(),
      }),
    ),
  });

let tree: MemoryTree;
let engine: AskedEngine;
beforeEach(() => {
  tree = makeTree();
  engine = new AskedEngine(exportOf(tree));
});

test('all 22 procedures are there (RFC 1813 §3.3)', () => {
  const table = NFS3.versions.get(3) ?? {};
  expect(Object.keys(table).map(Number)).toEqual(Array.from({ length: 22 }, (_, number) => number));
  expect(new Set(Object.values(table).map(({ name }) => name)).size).toBe(22);
});

test('NULL answers nothing', async () => expect((await engine.nfs(0)).remaining).toBe(0));

describe('GETATTR', () => {
  for (const [path, expected] of [
    ['', { type: 2, mode: 0o555, links: 1, size: 4096n }],
    ['casper/vmlinuz', { type: 1, mode: 0o444, links: 1, size: 10_007n }],
    ['program', { type: 1, mode: 0o555, links: 1, size: 5n }],
    ['stable', { type: 5, mode: 0o777, links: 1, size: 16n }],
    ['large', { type: 1, mode: 0o555, links: 1, size: 2n ** 40n }],
  ] as const) {
    test(`of "${path}"`, async () => {
      const reply = await engine.nfs(1, await engine.handle(path));
      expect(reply.uint32()).toBe(0);
      expect(reply.attributes()).toEqual({
        ...expected,
        fsid: 7n,
        fileid: BigInt(tree.at(path).id),
        mtime: [MTIME_MS / 1000 - 0.25, 250_000_000],
      });
      expect(reply.remaining).toBe(0);
    });
  }

  for (const [what, ms, expected] of [
    ['before 1970', -5, [0, 0]],
    ['that is no number', Number.NaN, [0, 0]],
    ['after 2106', 2 ** 33 * 1000, [0xffff_ffff, 0]],
  ] as const) {
    test(`a time ${what} is one that fits`, async () => {
      Object.assign(tree.root, { mtimeMs: ms });
      const reply = await engine.nfs(1, await engine.handle(''));
      reply.uint32();
      expect(reply.attributes().mtime).toEqual(expected);
    });
  }
});

describe('LOOKUP', () => {
  const look = async (folder: string, name: string): Promise<string> => {
    const reply = await engine.nfs(3, await engine.handle(folder), name);
    const status = reply.uint32();
    if (status !== 0) {
      const attributes = reply.maybeAttributes();
      expect(reply.remaining).toBe(0);
      return `${status} in ${attributes?.fileid}`;
    }
    const handle = reply.opaque();
    const attributes = reply.maybeAttributes();
    expect(reply.maybeAttributes()?.fileid).toBe(BigInt(tree.at(folder).id));
    expect(reply.remaining).toBe(0);
    expect(new FileHandles(testMac).decode(handle)?.nodeId).toBe(Number(attributes?.fileid));
    return String(attributes?.fileid);
  };
  const id = (path: string): string => String(tree.at(path).id);

  test('finds what is there', async () => expect(await look('casper', 'vmlinuz')).toBe(id('casper/vmlinuz')));
  test('finds names of any letters', async () =>
    expect(await look('casper', 'ünïcode')).toBe(id('casper/ünïcode')));
  test('of a link finds the link itself', async () => expect(await look('', 'stable')).toBe(id('stable')));
  test('of . is the folder', async () => expect(await look('casper', '.')).toBe(id('casper')));
  test('of .. is the folder above', async () => expect(await look('casper', '..')).toBe(id('')));
  test('of .. in the root is the root', async () => expect(await look('', '..')).toBe(id('')));

  for (const [what, folder, name, status] of [
    ['a name that is not there', 'casper', 'nothing', Status.NOENT],
    ['another case', 'casper', 'VMLINUZ', Status.NOENT],
    ['an empty name', 'casper', '', Status.NOENT],
    ['a path', '', 'casper/vmlinuz', Status.NOENT],
    ['a way out', 'casper', '../../etc', Status.NOENT],
    ['a name with NUL', 'casper', 'vmlinuz\0', Status.NOENT],
    ['a name of 255 bytes', 'casper', 'x'.repeat(255), Status.NOENT],
    ['a name of 256 bytes', 'casper', 'x'.repeat(256), Status.NAMETOOLONG],
    ['a short name of many bytes', 'casper', 'ü'.repeat(128), Status.NAMETOOLONG],
    ['a name of 60,000 bytes', 'casper', 'x'.repeat(60_000), Status.NAMETOOLONG],
    ['what is in a file', 'program', 'x', Status.NOTDIR],
    ['what is in a link', 'stable', '..', Status.NOTDIR],
  ] as const) {
    test(`of ${what} comes to ${status}`, async () =>
      expect(await look(folder, name)).toBe(`${status} in ${id(folder)}`));
  }
});

describe('ACCESS', () => {
  const ALL = 0x3f;
  for (const [path, wanted, expected] of [
    ['casper', ALL, 0x23],
    ['casper/vmlinuz', ALL, 0x21],
    ['stable', ALL, 0x21],
    ['casper', 0x1f, 0x03],
    ['casper/vmlinuz', 0x1c, 0],
    ['casper', 0xffff_ffff, 0x23],
  ] as const) {
    test(`to "${path}": of 0x${wanted.toString(16)} is granted 0x${expected.toString(16)}`, async () => {
      const reply = await engine.nfs(4, await engine.handle(path), wanted);
      expect(reply.uint32()).toBe(0);
      expect(reply.maybeAttributes()).toBeDefined();
      expect(reply.uint32()).toBe(expected);
    });
  }
});

describe('READLINK', () => {
  test('gives the target as it stands there, also where it leads out: the client follows it', async () => {
    const reply = await engine.nfs(5, await engine.handle('stable'));
    expect(reply.uint32()).toBe(0);
    expect(reply.maybeAttributes()?.type).toBe(5);
    expect(reply.text()).toBe('../../etc/passwd');
    expect(reply.remaining).toBe(0);
  });

  test('of a file is INVAL', async () =>
    expect((await engine.nfs(5, await engine.handle('program'))).uint32()).toBe(Status.INVAL));
});

describe('READ', () => {
  const read = async (path: string, offset: bigint, count: number): Promise<MessageReader> =>
    await engine.nfs(6, await engine.handle(path), offset, count);

  for (const [offset, count, from, to, isEnd] of [
    [0n, 4096, 0, 4096, 0],
    [4096n, 4096, 4096, 8192, 0],
    [8192n, 4096, 8192, 10_007, 1],
    [0n, 10_006, 0, 10_006, 0],
    [0n, 10_007, 0, 10_007, 1],
    [0n, 0xffff_ffff, 0, 10_007, 1],
    [10_006n, 1, 10_006, 10_007, 1],
    [10_007n, 1, 0, 0, 1],
    [10_008n, 4096, 0, 0, 1],
    [2n ** 53n + 1n, 4096, 0, 0, 1],
    [2n ** 64n - 1n, 4096, 0, 0, 1],
    [5n, 0, 0, 0, 0],
    [10_007n, 0, 0, 0, 1],
  ] as const) {
    test(`of ${count} from ${offset} gives ${from} to ${to}${isEnd ? ', the end' : ''}`, async () => {
      const reply = await read('casper/vmlinuz', offset, count);
      expect(reply.uint32()).toBe(0);
      expect(reply.maybeAttributes()?.size).toBe(10_007n);
      expect([reply.uint32(), reply.uint32()]).toEqual([to - from, isEnd]);
      expect(Buffer.from(reply.opaque())).toEqual(Buffer.from(KERNEL.subarray(from, to)));
      expect(reply.remaining).toBe(0);
    });
  }

  test('of an empty file is the end', async () => {
    const reply = await read('casper/empty', 0n, 4096);
    expect([reply.uint32(), reply.maybeAttributes()?.size, reply.uint32(), reply.uint32()]).toEqual([
      0,
      0n,
      0,
      1,
    ]);
  });

  for (const [transport, most] of [
    ['tcp', 1024 * 1024],
    ['udp', 32 * 1024],
  ] as const) {
    test(`over ${transport} gives ${most} bytes at most`, async () => {
      engine.peer = { ...PEER, transport };
      const reply = await read('large', 2n ** 39n, 0xffff_ffff);
      reply.uint32();
      reply.maybeAttributes();
      expect([reply.uint32(), reply.uint32()]).toEqual([most, 0]);
    });
  }

  test('of a folder and of a link is INVAL: U-Boot reads the link then', async () => {
    for (const path of ['casper', 'stable']) {
      const reply = await read(path, 0n, 1024);
      expect(reply.uint32()).toBe(Status.INVAL);
      expect(reply.maybeAttributes()).toBeDefined();
    }
  });

  test('of what cannot be read is IO, and reported', async () => {
    const reply = await read('program', 0n, 1024);
    expect(reply.uint32()).toBe(Status.IO);
    expect(engine.faults.map(({ what }) => what)).toEqual(['failed']);
  });

  test('of a file that became shorter is IO, and never fewer bytes without an end', async () => {
    Object.assign(tree.at('casper/vmlinuz'), { size: 20_000 });
    expect((await read('casper/vmlinuz', 0n, 20_000)).uint32()).toBe(Status.IO);
  });

  test('opens the file once for many reads, and tells of them once it is quiet', async () => {
    const handle = await engine.handle('casper/vmlinuz');
    for (let offset = 0; offset < 10_007; offset += 1000) await engine.nfs(6, handle, BigInt(offset), 1000);
    expect([tree.opened, tree.closed]).toEqual([1, 0]);
    engine.engine.tidy(PEER.nowMs + 9_000);
    expect(tree.closed).toBe(0);
    engine.engine.tidy(PEER.nowMs + 20_000);
    await Promise.resolve();
    expect([tree.opened, tree.closed]).toEqual([1, 1]);
    expect(engine.told.at(-1)).toBe(`read 10007 of ${tree.at('casper/vmlinuz').id} in 11`);
  });
});

describe('handles', () => {
  const handles = new FileHandles(testMac);
  /** All that take one handle, with what follows it. */
  const CALLS: readonly (readonly [procedure: number, ...args: readonly Word[]])[] = [
    [1],
    [2],
    [3, 'x'],
    [4, 1],
    [5],
    [6, 0n, 1],
    [7],
    [8],
    [9],
    [10],
    [11],
    [12, 'x'],
    [13, 'x'],
    [16, 0n, 0n, 4096],
    [17, 0n, 0n, 4096, 4096],
    [18],
    [19],
    [20],
    [21],
  ];
  for (const [what, handle, status] of [
    ['that were made up', () => Buffer.alloc(32, 7), Status.BADHANDLE],
    ['without bytes', () => new Uint8Array(0), Status.BADHANDLE],
    ['of 64 bytes', () => new Uint8Array(64), Status.BADHANDLE],
    ['of an export that is gone', () => handles.encode({ exportNumber: 8, nodeId: 1 }), Status.STALE],
    ['of a node that is gone', () => handles.encode({ exportNumber: 7, nodeId: 999 }), Status.STALE],
  ] as const) {
    test(`${what} come to ${status} everywhere, without attributes`, async () => {
      for (const [procedure, ...args] of CALLS) {
        const reply = await engine.nfs(procedure, handle(), ...args);
        expect(reply.uint32()).toBe(status);
        while (reply.remaining > 0) expect(reply.uint32()).toBe(0);
      }
    });
  }

  test('of more than 64 bytes are GARBAGE_ARGS', async () => {
    const reply = await engine.reply(
      callBytes({ program: 100_003, version: 3, procedure: 1 }, new Uint8Array(65)),
    );
    expect(Buffer.from(reply!).readUInt32BE(20)).toBe(4);
  });

  test('a file that is open is stale too when its export is gone', async () => {
    const handle = await engine.handle('casper/vmlinuz');
    expect((await engine.nfs(6, handle, 0n, 10)).uint32()).toBe(0);
    engine.exports.all.length = 0;
    expect((await engine.nfs(6, handle, 0n, 10)).uint32()).toBe(Status.STALE);
  });

  test('are good again after a restart', async () => {
    const handle = await engine.handle('casper/vmlinuz');
    const again = new AskedEngine(exportOf(makeTree()));
    expect((await again.nfs(6, handle, 0n, 10)).uint32()).toBe(0);
  });
});

describe('what would write is refused with ROFS, and told that nothing has changed', () => {
  const unchanged = (reply: MessageReader, path: string): void => {
    const { size } = tree.at(path);
    expect(reply.uint32()).toBe(1);
    expect(reply.uint64()).toBe(path === '' || path === 'casper' ? 4096n : BigInt(size));
    for (let times = 0; times < 2; times += 1)
      expect([reply.uint32(), reply.uint32()]).toEqual([MTIME_MS / 1000 - 0.25, 250_000_000]);
    expect(reply.maybeAttributes()?.fileid).toBe(BigInt(tree.at(path).id));
  };
  for (const [name, procedure, path, args] of [
    ['SETATTR', 2, 'casper/vmlinuz', [0, 0, 0, 0, 0, 0, 0]],
    ['WRITE', 7, 'casper/vmlinuz', [0n, 4, 2, 'data']],
    ['CREATE', 8, 'casper', ['new', 0, 0, 0, 0, 0, 0, 0]],
    ['MKDIR', 9, 'casper', ['new', 0, 0, 0, 0, 0, 0]],
    ['SYMLINK', 10, 'casper', ['new', 0, 0, 0, 0, 0, 0, 'target']],
    ['MKNOD', 11, 'casper', ['new', 7, 0, 0, 0, 0, 0, 0]],
    ['REMOVE', 12, 'casper', ['vmlinuz']],
    ['RMDIR', 13, '', ['casper']],
    ['COMMIT', 21, 'casper/vmlinuz', [0n, 0]],
  ] as const) {
    test(name, async () => {
      const reply = await engine.nfs(procedure, await engine.handle(path), ...args);
      expect(reply.uint32()).toBe(Status.ROFS);
      unchanged(reply, path);
      expect(reply.remaining).toBe(0);
    });
  }

  test('RENAME, of both folders', async () => {
    const [from, to] = [await engine.handle(''), await engine.handle('casper')];
    const reply = await engine.nfs(14, from, 'program', to, 'new');
    expect(reply.uint32()).toBe(Status.ROFS);
    unchanged(reply, '');
    unchanged(reply, 'casper');
    expect(reply.remaining).toBe(0);
  });

  test('LINK, of the file its attributes and of the folder all', async () => {
    const [file, folder] = [await engine.handle('program'), await engine.handle('casper')];
    const reply = await engine.nfs(15, file, folder, 'new');
    expect(reply.uint32()).toBe(Status.ROFS);
    expect(reply.maybeAttributes()?.fileid).toBe(BigInt(tree.at('program').id));
    unchanged(reply, 'casper');
    expect(reply.remaining).toBe(0);
  });
});

describe('what is said of the whole export', () => {
  const MIB = 1024 * 1024;
  for (const [transport, most, preferred, folder] of [
    ['tcp', MIB, MIB, 65_536],
    ['udp', 32_768, 8192, 8192],
  ] as const) {
    test(`FSINFO over ${transport}`, async () => {
      engine.peer = { ...PEER, transport };
      const reply = await engine.nfs(19, await engine.handle(''));
      expect(reply.uint32()).toBe(0);
      expect(reply.maybeAttributes()?.type).toBe(2);
      const numbers = Array.from({ length: 7 }, () => reply.uint32());
      expect(numbers).toEqual([most, preferred, 4096, 32_768, 32_768, 4096, folder]);
      expect(reply.uint64()).toBe(2n ** 63n - 1n);
      expect([reply.uint32(), reply.uint32(), reply.uint32()]).toEqual([1, 0, 0x0b]);
      expect(reply.remaining).toBe(0);
    });
  }

  test('FSSTAT: nothing is free', async () => {
    engine.exports.all[0] = { ...exportOf(tree), totalBytes: 4_000_000_000 };
    const reply = await engine.nfs(18, await engine.handle(''));
    expect(reply.uint32()).toBe(0);
    expect(reply.maybeAttributes()).toBeDefined();
    expect(Array.from({ length: 6 }, () => reply.uint64())).toEqual([4_000_000_000n, 0n, 0n, 0n, 0n, 0n]);
    reply.uint32();
    expect(reply.remaining).toBe(0);
  });

  test('PATHCONF: names of 255 bytes, case matters and is kept', async () => {
    const reply = await engine.nfs(20, await engine.handle(''));
    expect(reply.uint32()).toBe(0);
    expect(reply.maybeAttributes()).toBeDefined();
    expect(Array.from({ length: 6 }, () => reply.uint32())).toEqual([1, 255, 1, 1, 0, 1]);
    expect(reply.remaining).toBe(0);
  });
});

for (const [version, what] of [
  [2, 'U-Boot before it tries 3'],
  [4, 'mount.nfs before it tries 3'],
] as const) {
  test(`NFS ${version} (${what}) is told that there is 3 only`, async () => {
    for (const procedure of [0, 1]) {
      const reply = await engine.reply(callBytes({ program: 100_003, version, procedure }));
      const PROG_MISMATCH = 2;
      expect(Buffer.from(reply!).subarray(20)).toEqual(Buffer.from(words(PROG_MISMATCH, 3, 3)));
    }
  });
}

test('arguments of any bytes get a reply, and none is a fault of ours', async () => {
  const handle = await engine.handle('');
  const args = fc.array(
    fc.oneof(
      fc.nat(0xffff_ffff),
      fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
      fc.constantFrom(handle),
      fc.uint8Array({ maxLength: 70 }),
      fc.string({ maxLength: 300 }),
    ),
    { maxLength: 6 },
  );
  await fc.assert(
    fc.asyncProperty(fc.nat(22), args, fc.boolean(), async (procedure, values, begins) => {
      const call = { program: 100_003, version: 3, procedure };
      const reply = await engine.reply(callBytes(call, ...(begins ? [handle] : []), ...values));
      expect(reply).toBeDefined();
    }),
    { numRuns: 2000 },
  );
  expect(engine.faults.filter(({ what }) => what === 'failed')).toEqual([]);
});
