import { expect, test } from 'vitest';
import { parseUuid } from '../../lib/addresses.ts';
import type { Machine } from '../machines/machine.ts';
import { askFirst } from './ask-first.ts';
import type { BootPlan } from './boot-plan.ts';

const nothing: BootPlan = { boot: 'nothing', because: 'ignored' };
const menu: BootPlan = { boot: 'menu', because: 'not known' };
const disk: BootPlan = { boot: 'local disk', because: 'nothing is armed' };
const one: Machine = { id: 'm-1', name: 'web1', macs: [], labels: {}, variables: {}, createdAtMs: 0 };
const bySerial = { ...one, serial: 'S1' };
const byUuid = { ...one, name: 'web2', uuid: parseUuid('4c4c4544-0044-4810-8031-b4c04f564231') };
const byPort = { ...one, name: 'web3', port: { circuitId: '7' } };

for (const [title, plan, unmet, expected] of [
  ['nobody is asked where all were met', nothing, [], nothing],
  ['nobody is asked for what DHCP tells', menu, [byPort], menu],
  ['nobody is asked who boots something else', disk, [bySerial], disk],
  [
    'who boots nothing is asked',
    nothing,
    [byPort, bySerial],
    {
      ...nothing,
      asks: 'who it is',
      because: 'ignored, but for web1, which has no MAC address yet: iPXE asks who it is',
    },
  ],
  [
    'who gets the menu is asked',
    menu,
    [bySerial, byUuid],
    {
      ...menu,
      asks: 'who it is',
      because: 'not known, but for web1 or one of 1 more, which has no MAC address yet: iPXE asks who it is',
    },
  ],
] as const) {
  test(title, () => {
    expect(askFirst(plan, unmet)).toEqual(expected);
  });
}
