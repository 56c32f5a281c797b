import { describe, expect, test } from 'vitest';
import { parseIpv4 } from '../../lib/addresses.ts';
import { familyOf } from '../../os/datagram-batch.ts';
import { DEFAULT_TFTP_LIMITS } from './admission.ts';
import { type KnownRequest, KnownRequests } from './known-requests.ts';
import { decodePacket, encodePacket, type TftpRequest } from './packet.ts';
import { agreeOn, type KnownClient } from './plane-agreement.ts';
import type { PlaneFile } from './plane-files.ts';
import { ReportPack, unpackReport } from './plane-reports.ts';
import { makePlaneTransfer } from './plane-transfer.ts';
import type { PlaneDoor } from './plane-transfers.ts';
import { RequestRates } from './rate-limit.ts';
import { TRANSFER_TIMES } from './transfer-action.ts';

const REQUEST: TftpRequest = {
  op: 'RRQ',
  fileName: 'a',
  mode: 'octet',
  options: [
    { name: 'blksize', value: '1428' },
    { name: 'windowsize', value: '64' },
  ],
};
const STRANGER: KnownClient = {
  path: { roundTripMs: undefined, mostWindowBlocks: undefined },
  traits: {},
};
const UEFI: KnownClient = { ...STRANGER, traits: { vendorClass: 'PXEClient:Arch:00007:UNDI:003000' } };
const LOSSY: KnownClient = { ...STRANGER, path: { roundTripMs: 1, mostWindowBlocks: 8 } };

function know(request: TftpRequest): KnownRequest {
  return new KnownRequests().add(Buffer.from(encodePacket(request)).toString('latin1'), request);
}

function door(): PlaneDoor {
  return {
    id: 7,
    address: parseIpv4('10.0.0.1'),
    requestFd: 3,
    dataFd: 4,
    mtu: 1500,
    limits: DEFAULT_TFTP_LIMITS,
    times: TRANSFER_TIMES,
    rates: new RequestRates<number>(DEFAULT_TFTP_LIMITS),
    strangers: new RequestRates<number>(DEFAULT_TFTP_LIMITS),
    requests: new KnownRequests(),
    asked: new Map(),
    leaving: false,
    serving: 0,
  };
}

describe('what is agreed on for a request that came before', () => {
  test('is the same for another client of which nothing else is known', () => {
    const known = know(REQUEST);
    expect(agreeOn(known, door(), 5000, { ...STRANGER })).toBe(agreeOn(known, door(), 5000, STRANGER));
  });

  for (const [what, client, totalBytes, windowBlocks] of [
    ['firmware with a small ring', UEFI, 5000, 16],
    ['a client that lost too much', LOSSY, 5000, 8],
    ['another file', STRANGER, 6000, 64],
  ] as const) {
    test(`is decided anew for ${what}, and for whoever comes after it`, () => {
      const known = know(REQUEST);
      const first = agreeOn(known, door(), 5000, STRANGER);
      const other = agreeOn(known, door(), totalBytes, client);
      expect(other.shape).toMatchObject({ windowBlocks, totalBytes, begins: 'OACK' });
      expect(other.oack && decodePacket(other.oack)).toMatchObject({
        op: 'OACK',
        options: other.granted.options,
      });
      expect(agreeOn(known, door(), 5000, STRANGER)).toEqual(first);
    });
  }
});

test('more requests than are remembered leave the last ones known', () => {
  const requests = new KnownRequests();
  for (let number = 0; number < 1000; number += 1) requests.add(`request ${number}`, REQUEST);
  expect(requests.of('request 0')).toBeUndefined();
  expect(requests.of('request 999')?.request).toBe(REQUEST);
});

test('ends of transfers come out of a pack as they went in', () => {
  const file: PlaneFile = {
    address: 0,
    bytes: 5000,
    mapping: 1,
    memory: undefined,
    sheets: [],
    users: 1,
    given: 1,
  };
  const peer = { family: familyOf(2070), address: 0xfe_01_a8_c0 };
  const pack = new ReportPack();
  for (const [request, client, outcome, because] of [
    [REQUEST, UEFI, 'sent', undefined],
    [{ ...REQUEST, fileName: 'b', options: [] }, STRANGER, 'failed', 'the client did not answer'],
  ] as const) {
    const asked = { door: door(), peer, known: know(request), cancelled: undefined };
    pack.add(makePlaneTransfer(asked, file, client, 100), outcome, because, 112.4);
  }
  expect(pack.size).toBe(2);
  const packed = structuredClone(pack.take());
  expect(pack.size).toBe(0);
  const both = {
    mode: 'octet',
    client: { address: '192.168.1.254', port: 2070 },
    localAddress: '10.0.0.1',
    bytes: 0,
    milliseconds: 12,
    retransmissions: 0,
  };
  const local = parseIpv4('10.0.0.1');
  expect(unpackReport(packed, 0, local)).toEqual({
    ...both,
    name: 'a',
    outcome: 'sent',
    options: [
      { name: 'blksize', value: '1428' },
      { name: 'windowsize', value: '16' },
    ],
    firmware: ['UEFI firmware'],
    blockBytes: 1428,
    windowBlocks: 16,
  });
  expect(unpackReport(packed, packed.numbers.length / 2, local)).toEqual({
    ...both,
    name: 'b',
    outcome: 'failed',
    because: 'the client did not answer',
    options: [],
    firmware: [],
    blockBytes: 512,
    windowBlocks: 1,
  });
});
