import { expect, test } from 'vitest';
import { renderTreeInfo } from './tree-info.ts';

test('a .treeinfo has the sections of productmd, with the kernel, the initrd and every digest', async () => {
  const text = renderTreeInfo({
    name: 'Tiny Linux',
    short: 'Tiny',
    version: '1',
    architecture: 'x86_64',
    kernel: 'images/pxeboot/vmlinuz',
    initrd: 'images/pxeboot/initrd.img',
    builtAtSeconds: 1_700_000_000,
    sha256: [
      { path: 'images/pxeboot/vmlinuz', digest: 'a'.repeat(64) },
      { path: 'images/pxeboot/initrd.img', digest: 'b'.repeat(64) },
    ],
  });
  await expect(text).toMatchFileSnapshot('golden/tiny.treeinfo');
});
