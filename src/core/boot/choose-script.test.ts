import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseIpv4, parseMac, parseUuid } from '../../lib/addresses.ts';
import type { BootPlan } from './boot-plan.ts';
import { chooseScript, type ScriptAsker } from './choose-script.ts';
import { parseScriptName } from './script-name.ts';

const installer: BootPlan = { boot: 'installer', installId: 'i-1', profile: 'web', because: 'armed' };
const disk: BootPlan = { boot: 'local disk', because: 'nothing is armed' };
const wait: BootPlan = { boot: 'wait', wave: 'line', ahead: 3, because: 'its turn comes later' };
const menu: BootPlan = { boot: 'menu', because: 'not known' };
const ignore: BootPlan = { boot: 'nothing', because: 'not known, and ignored' };

const leased: ScriptAsker = {
  address: parseIpv4('192.168.122.100'),
  macs: [parseMac('52:54:00:00:00:01'), parseMac('52:54:00:00:00:02')],
  uuids: [parseUuid('12345678-9abc-def0-1122-334455667788')],
};
const stranger: ScriptAsker = { address: parseIpv4('192.168.122.100'), macs: [], uuids: [] };
const blank: ScriptAsker = { ...leased, uuids: [parseUuid('00000000-0000-0000-0000-000000000000')] };

const ownMac = '01-52-54-00-00-00-01';
const otherMac = '01-52-54-00-00-00-99';
const ownUuid = '78563412-bc9a-f0de-1122-334455667788';
const turnedUuid = '12345678-9abc-def0-1122-334455667788';
const otherUuid = 'ffeeddcc-9abc-def0-1122-334455667788';
const zeroUuid = '00000000-0000-0000-0000-000000000000';

test('who is to be asked who it is, and boots nothing, gets a script of iPXE alone', () => {
  const plan: BootPlan = { ...ignore, asks: 'who it is' };
  for (const [name, give] of [
    ['autoexec.ipxe', 'generated'],
    ['pxelinux.cfg/default', 'nothing'],
    ['grub.cfg', 'nothing'],
  ] as const) {
    const asked = parseScriptName(name);
    if (!asked) throw new Error(name);
    expect(chooseScript({ asked, asker: leased, plan, handMade: 'none' }).give, name).toBe(give);
    expect(chooseScript({ asked, asker: leased, plan, handMade: 'this name' }).give, name).toBe('hand-made');
  }
});

describe('chooseScript', () => {
  for (const [rule, plan, asker, name, handMade, give] of [
    ['an armed machine, by its UUID in wire order', installer, leased, ownUuid, 'none', 'generated'],
    ['an armed machine, by its UUID in text order', installer, leased, turnedUuid, 'none', 'generated'],
    ['an armed machine, by its MAC address', installer, leased, ownMac, 'none', 'generated'],
    ['an armed machine, by its second card', installer, leased, '01-52-54-00-00-00-02', 'none', 'generated'],
    ['an armed machine, whatever the tree has', installer, leased, ownMac, 'this name', 'generated'],
    ['an armed machine, whatever comes later', installer, leased, ownUuid, 'a later name', 'generated'],
    ['an armed machine, by its address', installer, leased, 'C0A87A64', 'this name', 'generated'],
    ['an armed machine, by its network', installer, leased, 'C0A8', 'none', 'generated'],
    ['an armed machine, by default', installer, leased, 'default', 'this name', 'generated'],
    ["an armed machine gets nobody else's, by UUID", installer, leased, otherUuid, 'none', 'nothing'],
    ["an armed machine gets nobody else's, by MAC", installer, leased, otherMac, 'this name', 'nothing'],
    ["an armed machine gets nobody else's, by address", installer, leased, 'C0A87A65', 'none', 'nothing'],
    ['a UUID of zeros names nobody', installer, blank, zeroUuid, 'none', 'nothing'],
    ['a token goes to no address without a lease, by MAC', installer, stranger, ownMac, 'none', 'nothing'],
    ['a token goes to no address without a lease, by UUID', installer, stranger, ownUuid, 'none', 'nothing'],
    ['a machine that waits, by its MAC address', wait, leased, ownMac, 'none', 'generated'],
    ['a machine that waits, whatever the tree has', wait, leased, ownMac, 'this name', 'generated'],
    ['nobody learns of a wave without a lease', wait, stranger, ownMac, 'none', 'nothing'],
    ['the own disk at the first name', disk, leased, ownUuid, 'none', 'generated'],
    ['the own disk at the MAC address', disk, leased, ownMac, 'none', 'generated'],
    ['a hand-made file of the machine wins', disk, leased, ownMac, 'this name', 'hand-made'],
    ['and is waited for', disk, leased, ownUuid, 'a later name', 'nothing'],
    ['a hand-made file of its whole address too', disk, leased, 'C0A87A64', 'this name', 'hand-made'],
    ['a known machine that never named itself, by network', disk, leased, 'C0A87', 'this name', 'generated'],
    [
      'a known machine that never named itself, by default',
      disk,
      leased,
      'default',
      'this name',
      'generated',
    ],
    ["the own disk is not for another's name", disk, leased, otherMac, 'this name', 'nothing'],
    ['the unknown one, by MAC, without a file', menu, leased, ownMac, 'none', 'nothing'],
    ['the unknown one, by MAC, with a file', menu, leased, ownMac, 'this name', 'hand-made'],
    ["the unknown one, by another's MAC", menu, leased, otherMac, 'this name', 'nothing'],
    [
      'the unknown one without a lease, by MAC, with a file',
      menu,
      stranger,
      ownMac,
      'this name',
      'hand-made',
    ],
    ['the unknown one without a lease, by UUID', menu, stranger, ownUuid, 'none', 'nothing'],
    ['the unknown one, by network, with a file', menu, stranger, 'C0A8', 'this name', 'hand-made'],
    ['the unknown one, by network, without', menu, stranger, 'C0A8', 'none', 'nothing'],
    ["the unknown one, by another's network", menu, stranger, 'C0A9', 'this name', 'nothing'],
    ['the unknown one, by default, with a file', menu, stranger, 'default', 'this name', 'hand-made'],
    ['the unknown one, by default, gets the menu', menu, stranger, 'default', 'none', 'generated'],
    ['the ignored one, by default', ignore, stranger, 'default', 'none', 'nothing'],
    ['the ignored one, by default, with a file', ignore, stranger, 'default', 'this name', 'hand-made'],
  ] as const) {
    test(`${rule}: ${give}`, () => {
      const asked = parseScriptName(`pxelinux.cfg/${name}`)!;
      const choice = chooseScript({ asked, asker, plan, handMade });
      expect(choice.give).toBe(give);
      expect(choice.because).not.toBe('');
    });
  }
});

test('nothing generated for one machine reaches an address that does not hold its lease', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(ownMac, otherMac, ownUuid, otherUuid, zeroUuid),
      fc.constantFrom(installer, disk, menu, ignore),
      fc.constantFrom('this name', 'a later name', 'none'),
      (name, plan, handMade) => {
        const asked = parseScriptName(`pxelinux.cfg/${name}`)!;
        expect(chooseScript({ asked, asker: stranger, plan, handMade }).give).not.toBe('generated');
      },
    ),
  );
});
