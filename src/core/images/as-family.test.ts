import { expect, test } from 'vitest';
import { FAMILY_NAMES, treeAsFamily } from './as-family.ts';
import { DISTRIBUTIONS } from './distributions/all.ts';
import { treeOfTexts } from './suite/tree-of-texts.ts';

const UNKNOWN = treeOfTexts({ 'boot/linux': '', 'boot/rd': '' });
const CENTOS = treeOfTexts({
  '.treeinfo': '[general]\nfamily = CentOS\nversion = 7\narch = x86_64\n',
  'images/pxeboot/vmlinuz': '',
  'images/pxeboot/initrd.img': '',
});

for (const { family, answers } of DISTRIBUTIONS) {
  test(`an unknown tree with a kernel is ${family} when its user says so`, async () => {
    const as = await treeAsFamily(UNKNOWN, family, { kernel: 'boot/linux' });
    expect(as).toMatchObject({ recognised: true, tree: { family, answerKind: answers[0] ?? 'none' } });
    expect(as.recognised && as.tree.title).not.toBe('');
  });
}

test('a tree of the family is what its row finds', async () => {
  const as = await treeAsFamily(CENTOS, 'rhel', {});
  expect(as).toMatchObject({
    recognised: true,
    tree: { title: 'CentOS 7', kernel: 'images/pxeboot/vmlinuz' },
  });
});

for (const [name, as, because] of [
  ['no family', 'tape', /"tape" is no family: suse, .*memtest, files are$/],
  [
    'a family without a kernel',
    'rhel',
    /it is not rhel by itself \(.*\), so its kernel must be named: --kernel/,
  ],
] as const) {
  test(`${name} is refused, with what to do`, async () => {
    const refused = await treeAsFamily(UNKNOWN, as, {});
    expect(refused).toEqual({ recognised: false, because: expect.stringMatching(because) });
  });
}

test('files are a family, too', async () => {
  expect(FAMILY_NAMES.at(-1)).toBe('files');
  expect(await treeAsFamily(UNKNOWN, 'files', {})).toMatchObject({
    recognised: true,
    tree: { title: 'Files' },
  });
});
