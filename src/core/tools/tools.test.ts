import { describe, expect, test } from 'vitest';
import type { Image } from '../images/image.ts';
import { formatToolProfile, objectionToDisk, parseToolProfile, toolProfile } from './tool-profile.ts';
import { chooseToolImage, wayOf } from './tools.ts';

function image(change: Partial<Image> = {}): Image {
  return {
    name: 'rocky-9',
    folder: '/srv/rocky-9',
    family: 'rhel',
    title: 'Rocky Linux 9.4',
    release: '9.4',
    architecture: 'x86_64',
    kernel: 'images/pxeboot/vmlinuz',
    initrds: ['images/pxeboot/initrd.img'],
    answerKind: 'kickstart',
    addedAtMs: 0,
    ...change,
  };
}
const debian = image({
  name: 'debian-12',
  family: 'debian',
  title: 'Debian 12',
  release: '12',
  answerKind: 'preseed',
});
const memtest = image({
  name: 'memtest-7',
  family: 'memtest',
  title: 'Memtest86+',
  answerKind: 'none',
  initrds: [],
});
const arch = image({ name: 'arch', family: 'archiso', title: 'Arch', answerKind: 'script' });
const centos6 = image({ name: 'centos-6', title: 'CentOS 6.3', release: '6.3' });
const discOnly = { ...debian, kernel: undefined } as never;

describe('which image becomes which tool, and how', () => {
  for (const [tool, of, by, words] of [
    ['discover', image(), 'answer', []],
    ['discover', debian, 'answer', []],
    ['wipe', centos6, 'answer', []],
    ['memtest', memtest, 'attended', []],
    ['rescue', image(), 'attended', ['inst.rescue']],
    ['rescue', centos6, 'attended', ['rescue']],
    ['rescue', debian, 'attended', ['rescue/enable=true']],
    ['rescue', arch, 'attended', []],
    ['shell', image(), 'attended', ['rdinit=/bin/sh']],
    ['shell', arch, 'attended', []],
  ] as const) {
    test(`${tool} by ${of.title}`, () => expect(wayOf(tool, of)).toEqual({ can: true, way: { by, words } }));
  }

  for (const [tool, of, because] of [
    ['memtest', debian, /image debian-12 \(Debian 12\) cannot test memory: it takes memtest86\+/],
    ['wipe', arch, /cannot wipe a disk: it takes an installer that reads kickstart or preseed/],
    ['shell', centos6, /cannot give a shell/],
    ['discover', memtest, /cannot tell the hardware/],
    ['rescue', discOnly, /has no kernel to start/],
  ] as const) {
    test(`no ${tool} by ${of === discOnly ? 'a disc without a kernel' : of.title}`, () => {
      expect(wayOf(tool, of)).toEqual({ can: false, because: expect.stringMatching(because) });
    });
  }
});

test('the first image by name that can is taken, or it is said what is needed', () => {
  expect(chooseToolImage('discover', [arch, debian, image()])).toEqual({ chosen: true, image: debian });
  expect(chooseToolImage('memtest', [arch])).toEqual({
    chosen: false,
    because: expect.stringMatching(/no image that tests memory is there: it takes memtest86\+/),
  });
});

describe('the names of their profiles', () => {
  for (const boot of [
    { tool: 'memtest', image: 'memtest-7' },
    { tool: 'wipe', image: 'debian-12', disk: 'sda' },
    { tool: 'wipe', image: 'debian-12', disk: 'disk/by-id/nvme-eui.0025:38b9' },
  ] as const) {
    test(`${formatToolProfile(boot)} is read as it was written`, () =>
      expect(parseToolProfile(formatToolProfile(boot))).toEqual(boot));
  }

  for (const name of [
    'web',
    'wipe@debian-12',
    'memtest@x:sda',
    'local-disk@x',
    'format@x',
    'wipe@x:../sda',
    'wipe@x:a$(b)',
    '@x',
    'wipe@x:',
  ]) {
    test(`"${name}" is none`, () => expect(parseToolProfile(name)).toBeUndefined());
  }

  for (const disk of [
    '',
    '/dev/sda',
    '../sda',
    'a/../b',
    "a'b",
    'a b',
    '{{ x }}',
    'a\nb',
    'sda/',
    'x'.repeat(201),
  ]) {
    test(`"${disk.slice(0, 20)}" is no disk`, () =>
      expect(objectionToDisk(disk)).toMatch(/its name below \/dev is wanted/));
  }
});

test('a tool that a person works with reads no answer file, and one that runs by itself has one', () => {
  const words = { by: 'attended', words: ['inst.rescue'] } as const;
  expect(
    toolProfile({ tool: 'rescue', image: 'rocky-9' }, image(), words, { arguments: 'console=ttyS0' }),
  ).toEqual({
    name: 'rescue@rocky-9',
    image: 'rocky-9',
    arguments: 'inst.rescue console=ttyS0',
    variables: {},
    attended: true,
  });
  const boot = { tool: 'wipe', image: 'debian-12', disk: 'sda' } as const;
  const wipe = toolProfile(boot, debian, { by: 'answer', words: [] }, { arguments: '' });
  expect(wipe.attended).toBeUndefined();
  expect(wipe.template).toContain('/tool.sh');
  // Whatever goes wrong, nothing in it tells an installer to write to a disk.
  for (const word of [
    'partman/confirm',
    'partman-auto',
    'clearpart',
    'autopart',
    'zerombr',
    'grub-installer',
  ])
    expect(wipe.template).not.toContain(word);
});
