import { describe, expect, test } from 'vitest';
import { parseFacts } from './facts-body.ts';

const DISK = { name: 'sda', bytes: 1e12 };

describe('what makes sense is taken, and what does not is left out', () => {
  for (const [what, said, facts] of [
    ['nothing', {}, {}],
    [
      'all of a machine',
      {
        cpu: { model: 'Xeon', cores: 8, threads: 16 },
        memoryMegabytes: 65_536,
        disks: [{ ...DISK, model: 'P5800X', rotational: false, holdsData: true, byId: ['nvme-A'] }],
        nics: [{ mac: '52-54-00-AB-CD-EF', name: 'eth0', lldp: { port: 'Gi1/0/7' } }],
        uuid: '4C4C4544-0042-3510-8056-B7C04F4E3232',
      },
      {
        cpu: { model: 'Xeon', cores: 8, threads: 16 },
        memoryMegabytes: 65_536,
        disks: [{ ...DISK, model: 'P5800X', rotational: false, holdsData: true, byId: ['nvme-A'] }],
        nics: [{ mac: '52:54:00:ab:cd:ef', name: 'eth0', lldp: { port: 'Gi1/0/7' } }],
        uuid: '4c4c4544-0042-3510-8056-b7c04f4e3232',
      },
    ],
    ['control characters', { serial: 'A\u001b[31m\nB' }, { serial: 'A [31m B' }],
    ['an empty text', { serial: '  ', vendor: 'Dell' }, { vendor: 'Dell' }],
    ['a text without end', { serial: 'A'.repeat(5000) }, { serial: 'A'.repeat(128) }],
    ['no amount of memory', { memoryMegabytes: -5 }, {}],
    ['memory as a text', { memoryMegabytes: '512' }, {}],
    ['no UUID', { uuid: 'Not Settable', serial: 'A' }, { serial: 'A' }],
    ['a field that there is not', { colour: 'red', serial: 'A' }, { serial: 'A' }],
    ['one disk of two', { disks: [{ name: 'sdb' }, DISK] }, { disks: [DISK] }],
    ['a card without an address', { nics: [{ mac: 'ib0', name: 'ib0' }] }, { nics: [] }],
    ['a size that is none', { disks: [{ ...DISK, rotational: 'yes' }] }, { disks: [DISK] }],
  ] as const) {
    test(what, () => expect(parseFacts(JSON.stringify(said))).toEqual({ read: true, facts }));
  }
});

describe('what is no such text is refused', () => {
  for (const [what, body, because] of [
    ['half a text', '{"serial":"A"', /no JSON/],
    ['a list', '[]', /an object is wanted|object/],
    [
      'more disks than any machine has',
      JSON.stringify({ disks: Array.from({ length: 257 }, () => DISK) }),
      /disks: at most/,
    ],
    ['disks that are no list', '{"disks":{}}', /disks: .*list|disks: .*array/],
  ] as const) {
    test(what, () => {
      expect(parseFacts(body)).toEqual({ read: false, because: expect.stringMatching(because) });
    });
  }
});
