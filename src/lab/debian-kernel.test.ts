import { describe, expect, test } from 'vitest';
import { parseKernelPackage, readModules } from './debian-kernel.ts';
import { parseLdd } from './tiny-initrd.ts';

describe('parseKernelPackage', () => {
  for (const [what, record, expected] of [
    [
      'Debian 12',
      'Package: linux-image-cloud-amd64\nDepends: linux-image-6.1.0-50-cloud-amd64 (= 6.1.176-1)\n',
      { name: 'linux-image-6.1.0-50-cloud-amd64', version: '6.1.176-1' },
    ],
    [
      'Debian 13, whose kernels have a plus in their names',
      'Depends: linux-image-6.12.43+deb13-cloud-amd64 (= 6.12.43-1)\n',
      { name: 'linux-image-6.12.43+deb13-cloud-amd64', version: '6.12.43-1' },
    ],
    [
      'Debian 12 on arm64',
      'Package: linux-image-cloud-arm64\nDepends: linux-image-6.1.0-50-cloud-arm64 (= 6.1.176-1)\n',
      { name: 'linux-image-6.1.0-50-cloud-arm64', version: '6.1.176-1' },
    ],
    ['nothing, where the archive has no such package', '', undefined],
    ['nothing of another package', 'Depends: linux-image-6.1.0-50-amd64 (= 6.1.176-1)\n', undefined],
  ] as const) {
    test(`reads ${what}`, () => expect(parseKernelPackage(record)).toEqual(expected));
  }
});

describe('readModules', () => {
  const elf = (depends: string): Buffer => Buffer.from(`\x7fELF\0depends=${depends}\0`, 'latin1');
  const modules: Readonly<Record<string, Buffer>> = {
    virtio_net: elf('net_failover'),
    net_failover: elf(''),
    broken: Buffer.from('XZ'),
  };
  const kernel = {
    release: '6.1',
    vmlinuz: Buffer.alloc(0),
    module: async (name: string) => modules[name],
  };

  test('gives what is wanted and what that needs, and leaves out what is built in', async () => {
    const found = await readModules(kernel, ['virtio-net', 'af_packet']);
    expect([...found.keys()]).toEqual(['virtio_net', 'net_failover']);
  });
  test('refuses a module that is packed in a way nobody unpacked', async () => {
    await expect(readModules(kernel, ['broken'])).rejects.toThrow('is not an ELF file');
  });
});

test('parseLdd gives the files behind the libraries, and not the one the kernel makes up', () => {
  const output = [
    '\tlinux-vdso.so.1 (0x00007ffd5a5f2000)',
    '\tlibc.so.6 => /lib/x86_64-linux-gnu/libc.so.6 (0x00007f0e1c000000)',
    '\t/lib64/ld-linux-x86-64.so.2 (0x00007f0e1c3f0000)',
  ].join('\n');
  expect(parseLdd(output)).toEqual(['/lib/x86_64-linux-gnu/libc.so.6', '/lib64/ld-linux-x86-64.so.2']);
});
