import { describe, expect, test } from 'vitest';
import { objectionToPlace, overlayPath, parseOverlayName } from './overlay-name.ts';

const ID = 'i-0123456789ab';

test('a name is read back for the install it is made for, also behind a folder of the loader', () => {
  const path = overlayPath(ID, 'install/netboot/initrd.gz');
  expect(path).toBe(`boot/overlay/${ID}/initrd.gz`);
  // Over HTTP what stands before it is the door.
  for (const asked of [path, `overlay/${ID}/initrd.gz`, `pxelinux/${path}`])
    expect(parseOverlayName(asked)).toEqual({ installId: ID });
  expect(parseOverlayName(overlayPath(ID, undefined))).toEqual({ installId: ID });
});

for (const path of ['overlay/i-0/x', `overlay/${ID}`, `overlay/${ID}/a/b`, `myoverlay/${ID}/x`, 'images/x/y'])
  test(`"${path}" is no such name`, () => expect(parseOverlayName(path)).toBeUndefined());

describe('where a file may be put in an initrd', () => {
  for (const path of ['preseed.cfg', 'usr/bin/tool', 'etc/ssh/key', 'library/x', 'bins'])
    test(`${path}: it may`, () => expect(objectionToPlace(path)).toBeUndefined());
  for (const [path, instead] of [
    ['bin/tool', 'usr/bin/tool'],
    ['lib/modules/a.ko', 'usr/lib/modules/a.ko'],
    ['lib64', 'usr/lib64'],
  ] as const) {
    test(`${path}: not where most initrds have a link`, () =>
      expect(objectionToPlace(path)).toContain(`put it at ${instead} instead`));
  }
});
