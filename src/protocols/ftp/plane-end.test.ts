import { expect, test } from 'vitest';
import { endOfLink } from './plane-end.ts';

const TIMES = { waitMs: 30_000, stalledMs: 120_000, lingerMs: 10_000 };
const AWAITED = { times: TIMES, port: undefined, size: 100 };
const REACHED = { ...AWAITED, port: 2021 };
const [EIO, EPIPE, ECONNREFUSED, EMFILE] = [5, 32, 111, 24];

for (const [what, end, over, ended, because] of [
  ['all is sent', { ended: 'sent' }, AWAITED, 'sent', undefined],
  ['it was stopped', { ended: 'stopped' }, AWAITED, 'stopped', undefined],
  [
    'nobody came',
    { ended: 'not connected', why: 'nobody came' },
    AWAITED,
    'not connected',
    'no data connection came within 30 s',
  ],
  [
    'nobody answered',
    { ended: 'not connected', why: 'nobody came' },
    REACHED,
    'not connected',
    'no data connection to port 2021 can be made (nobody answered)',
  ],
  [
    'nobody listens',
    { ended: 'not connected', why: { errno: ECONNREFUSED } },
    REACHED,
    'not connected',
    'no data connection to port 2021 can be made (ECONNREFUSED)',
  ],
  [
    'no descriptor is left',
    { ended: 'not connected', why: { errno: EMFILE } },
    AWAITED,
    'not connected',
    'no data connection can be taken (EMFILE)',
  ],
  [
    'it was given up',
    { ended: 'not connected', why: 'given up' },
    REACHED,
    'not connected',
    'the data connection was given up',
  ],
  ['the client stalls', { ended: 'stalled' }, AWAITED, 'broken', 'the client took nothing for 120 s'],
  [
    'the client goes away',
    { ended: 'broken', errno: EPIPE },
    AWAITED,
    'broken',
    'the connection broke (EPIPE)',
  ],
  [
    'the thread dies',
    { ended: 'thread died' },
    AWAITED,
    'broken',
    'the part of the server that sends files died',
  ],
] as const)
  test(`how a transfer ended: ${what}`, () =>
    expect(endOfLink(end, over)).toEqual({ end: { ended, ...(because === undefined ? {} : { because }) } }));

for (const [what, end, fault] of [
  ['the disk cannot be read', { ended: 'broken', errno: EIO }, /EIO/],
  ['the file is shorter than it was', { ended: 'too short', at: 60 }, /The file ends at byte 60, it had 100/],
] as const)
  test(`a fault that somebody should hear of: ${what}`, () => {
    const found = endOfLink(end, AWAITED);
    expect(found.end).toMatchObject({ ended: 'fault' });
    expect(found.fault?.message).toMatch(fault);
  });
