import { expect, test } from 'vitest';
import { distributionOf } from './distributions/all.ts';
import { recogniseTree } from './recognise-tree.ts';
import { treeOfTexts } from './suite/tree-of-texts.ts';

test('the surest sign wins: a .treeinfo over a netboot tree beside it', async () => {
  const recognition = await recogniseTree(
    treeOfTexts({
      '.treeinfo': '[general]\nfamily = CentOS\nversion = 7\narch = x86_64\n',
      'images/pxeboot/vmlinuz': '',
      'images/pxeboot/initrd.img': '',
      'debian-installer/amd64/linux': '',
      'debian-installer/amd64/initrd.gz': '',
    }),
  );
  expect(recognition).toMatchObject({ recognised: true, tree: { title: 'CentOS 7' } });
});

test('where nothing is recognised, every family says why not', async () => {
  expect(await recogniseTree(treeOfTexts({ 'README.txt': 'hello' }))).toEqual({
    recognised: false,
    because:
      'nothing in it is known to boot (not rhel: there is no .treeinfo; not debian: there is no debian-installer/<architecture>/initrd.gz, neither at the top nor one folder below)',
  });
});

test('an image of no known family is only files', async () => {
  const files = distributionOf('files');
  expect(distributionOf('something else')).toBe(files);
  expect(await files.recognise(treeOfTexts({}))).toMatchObject({
    recognised: true,
    tree: { family: 'files', answerKind: 'none', initrds: [] },
  });
});
