import { describe, expect, test } from 'vitest';
import { decideDiscWrites, type DiscConfig } from './disc-configs.ts';

const TEXTS = { isolinux: 'default muster\n', grub: 'linux /kernel words\n' };
const isolinux = (size: number, neighbours: DiscConfig['neighbours'] = []): DiscConfig => ({
  loader: 'isolinux',
  place: 'disc',
  path: 'isolinux/isolinux.cfg',
  size,
  neighbours,
});
const grub = (
  size: number,
  place: DiscConfig['place'] = 'disc',
  path = 'boot/grub/grub.cfg',
): DiscConfig => ({
  loader: 'grub',
  place,
  path,
  size,
  neighbours: [],
});

const shown = (configs: readonly DiscConfig[]) => {
  const { writes, left } = decideDiscWrites(configs, TEXTS);
  return { left, writes: writes.map(({ path, bytes }) => [path, new TextDecoder().decode(bytes)]) };
};

describe('what is written has the length of what stood there', () => {
  for (const [what, configs, writes, left] of [
    [
      'the whole text, with empty lines behind it',
      [isolinux(18), grub(20)],
      [
        ['isolinux/isolinux.cfg', 'default muster\n\n\n\n'],
        ['boot/grub/grub.cfg', 'linux /kernel words\n'],
      ],
      [],
    ],
    [
      'a way to the roomiest neighbour, where the text does not fit',
      [
        isolinux(14, [
          { path: 'isolinux/t.cfg', size: 16 },
          { path: 'isolinux/u.cfg', size: 9 },
        ]),
      ],
      [
        ['isolinux/isolinux.cfg', 'include t.cfg\n'],
        ['isolinux/t.cfg', 'default muster\n\n'],
      ],
      [],
    ],
    [
      'a way from the EFI image to the disc',
      [grub(100, 'disc'), { ...grub(19, 'EFI image', 'EFI/BOOT/grub.cfg'), size: 19 }],
      [['boot/grub/grub.cfg', `linux /kernel words\n${'\n'.repeat(80)}`]],
      ['EFI/BOOT/grub.cfg of its EFI image has room for 19 bytes, and 20 are wanted'],
    ],
    [
      'nothing, and it is said what is missing',
      [isolinux(3)],
      [],
      ['isolinux/isolinux.cfg has room for 3 bytes, and 15 are wanted'],
    ],
  ] as const) {
    test(what, () => expect(shown(configs)).toEqual({ writes, left }));
  }

  test('a way from the EFI image to a long text on the disc', () => {
    const texts = { ...TEXTS, grub: `linux /kernel ${'w'.repeat(200)}\n` };
    const { writes, left } = decideDiscWrites(
      [grub(100, 'EFI image', 'EFI/BOOT/grub.cfg'), grub(300)],
      texts,
    );
    expect(left).toEqual([]);
    expect(writes.map(({ place, bytes }) => [place, bytes.length])).toEqual([
      ['disc', 300],
      ['EFI image', 100],
    ]);
    expect(new TextDecoder().decode(writes[1]?.bytes)).toMatch(
      /^search --no-floppy --set=root --file \/boot\/grub\/grub\.cfg\nconfigfile \/boot\/grub\/grub\.cfg\n+$/,
    );
  });
});
