import { expect, test } from 'vitest';
import type { WireEvent } from '../../../../src/contract/events.ts';
import type { Answer, ItemOf } from '../../data/client.ts';
import { foreignServersAfter, warningsOf } from './warnings.ts';

const NOW_MS = Date.UTC(2026, 10, 23, 13);
const NOTHING = { status: undefined, loaders: [], foreignServers: new Map<string, number>(), nowMs: NOW_MS };
const status = (more: object): Answer<'getStatus'> => more as never;
const loader = (more: object): ItemOf<'listLoaders'> => ({ name: 'pxelinux.0', ...more }) as never;
const seen = (serverId: string, ageMs: number): WireEvent =>
  ({ kind: 'dhcp.foreignServer', at: new Date(NOW_MS - ageMs).toISOString(), data: { serverId } }) as never;

test('while all is well there is nothing to look at', () => {
  expect(
    warningsOf({
      ...NOTHING,
      status: status({ pools: [{ subnet: 'lab', size: 100, used: 89 }], warnings: [] }),
      loaders: [loader({ needed: true, found: true }), loader({ needed: false, found: false })],
    }),
  ).toEqual([]);
});

test('a pool that is nearly full, and one that gives nothing out', () => {
  const pools = [
    { subnet: 'lab', size: 100, used: 90 },
    { subnet: 'reserved-only', size: 0, used: 0 },
  ];
  expect(warningsOf({ ...NOTHING, status: status({ pools }) })).toMatchObject([
    { kind: 'pool', subnet: 'lab', used: 90 },
  ]);
});

test('loaders that machines need, together where one deed brings them', () => {
  const gone = { needed: true, found: false, because: 'it lies nowhere' };
  const loaders = [
    loader({ ...gone, name: 'shimx64.efi', advice: 'muster loaders install' }),
    loader({ ...gone, name: 'grubx64.efi', advice: 'muster loaders install' }),
    loader({ ...gone, name: 'pxelinux.0' }),
  ];
  expect(warningsOf({ ...NOTHING, loaders })).toMatchObject([
    { kind: 'loaders', names: ['shimx64.efi', 'grubx64.efi'], advice: 'muster loaders install' },
    { kind: 'loaders', names: ['pxelinux.0'], advice: 'it lies nowhere' },
  ]);
});

test('another DHCP server, for as long as it is seen', () => {
  const servers = foreignServersAfter(new Map(), [
    seen('192.168.122.9', 60_000),
    seen('192.168.122.8', 600_000),
  ]);
  expect(warningsOf({ ...NOTHING, foreignServers: servers })).toMatchObject([
    { kind: 'foreign server', address: '192.168.122.9' },
  ]);
});

test('events that tell of none change nothing', () => {
  const before = new Map([['192.168.122.9', 1]]);
  expect(foreignServersAfter(before, [{ kind: 'dhcp.offered' } as WireEvent])).toBe(before);
});

test('what the server itself says', () => {
  expect(warningsOf({ ...NOTHING, status: status({ warnings: ['image x is damaged'] }) })).toMatchObject([
    { kind: 'server', sentence: 'image x is damaged' },
  ]);
});
