import { expect, test } from 'vitest';
import { parseUuid } from '../../lib/addresses.ts';
import { factsOfClient } from './client-facts.ts';
import type { DhcpClient } from './read-client.ts';

const uuid = parseUuid('4c4c4544-0042-3510-8056-b7c04f4e3232');
const client = { clientKey: 'mac:x', userClasses: [], uuid } as const;
const rom = { stage: 'firmware' } as const;
const vendorClass = 'PXEClient:Arch:00007:UNDI:003000';

for (const [what, message, facts] of [
  [
    'the ROM of UEFI',
    { ...client, boot: rom, architecture: 7, vendorClass },
    { uuid, firmware: 'UEFI', vendorClass },
  ],
  ['the ROM of a BIOS', { ...client, boot: rom, architecture: 0 }, { uuid, firmware: 'BIOS' }],
  ['a ROM that tells nothing', { clientKey: 'mac:x', userClasses: [], boot: rom }, {}],
  [
    'iPXE, which repeats a class',
    { ...client, boot: { stage: 'ipxe' }, architecture: 7, vendorClass },
    { uuid, firmware: 'UEFI' },
  ],
  [
    'a system',
    { ...client, boot: { stage: 'operating system' }, hostname: 'web-1', vendorClass: 'udhcp 1.36' },
    { uuid, hostname: 'web-1' },
  ],
  ['a ROM that has a name', { ...client, boot: rom, hostname: 'rom' }, { uuid }],
] as const satisfies readonly (readonly [string, DhcpClient, object])[]) {
  test(`factsOfClient: ${what}`, () => expect(factsOfClient(message)).toEqual(facts));
}
