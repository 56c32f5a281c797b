import { describe, expect, test } from 'vitest';
import { Climb, judgeStep } from './ladder.ts';
import { decodePerfdhcp, perfdhcpCommand } from './perfdhcp.ts';

/** As perfdhcp 2.2.0 prints it. */
const REPORT = `Running: perfdhcp -4 -l cli0 -r 1000 -R 100000 -p 2 -W 500000 -s 1 10.77.0.1
Scenario: basic.
***Rate statistics***
Rate: 799.339 4-way exchanges/second, expected rate: 1000

***Malformed Packets***
Malformed packets: 0
***Statistics for: DISCOVER-OFFER***
sent packets: 1999
received packets: 1999
drops: 0
drops ratio: 0 %
orphans: 0

min delay: 0.124 ms
avg delay: 0.778 ms
max delay: 9.814 ms
***Statistics for: REQUEST-ACK***
sent packets: 1998
received packets: 1990
drops: 8
drops ratio: 0.400 %

min delay: 0.149 ms
avg delay: 0.613 ms
`;
const CLEAN = { discovers: 2000, offers: 2000, requests: 2000, acks: 2000, offerMs: 1, ackMs: 1 };

test('a report of perfdhcp is read', () => {
  expect(decodePerfdhcp(REPORT, 1000)).toEqual({
    offeredRate: 1000,
    discovers: 1999,
    offers: 1999,
    requests: 1998,
    acks: 1990,
    offerMs: 0.778,
    ackMs: 0.613,
  });
});

test('a server that never answered has no averages, and is read too', () => {
  const silent = REPORT.replaceAll(/avg delay: .*/g, 'avg delay: n/a');
  expect(decodePerfdhcp(silent, 1000).ackMs).toBe(0);
});

test('anything else is refused', () => {
  expect(() => decodePerfdhcp('perfdhcp: no such interface', 1000)).toThrow(SyntaxError);
});

test('each step has clients of its own', () => {
  const network = { clientInterface: 'cli0', server: '10.0.0.1' };
  const macs = [1, 2].flatMap((seed) =>
    [0, 1].map((number) =>
      perfdhcpCommand('p', { rate: 1, number, seed }, network).find((word) => word.startsWith('mac=')),
    ),
  );
  expect(new Set(macs).size).toBe(4);
});

describe('judgeStep', () => {
  for (const [what, change, verdict] of [
    ['all answered is clean', {}, 'clean'],
    ['one offer missing is a loss', { offers: 1999 }, 'lost'],
    ['one acknowledgement missing is a loss', { acks: 1999 }, 'lost'],
    [
      'a load program that is too slow proves nothing',
      { discovers: 1800, offers: 1800, requests: 1800, acks: 1800 },
      'not reached',
    ],
  ] as const) {
    test(what, () => expect(judgeStep({ offeredRate: 1000, ...CLEAN, ...change }).is).toBe(verdict));
  }
});

describe('Climb', () => {
  const step = (offeredRate: number, lost: number) => ({
    offeredRate,
    ...CLEAN,
    discovers: offeredRate * 2,
    offers: offeredRate * 2 - lost,
  });

  test('goes up while nothing is lost, and ends at the top', () => {
    const climb = new Climb([10, 20]);
    climb.tried(step(10, 0));
    expect([climb.next, climb.clean]).toEqual([20, 10]);
    climb.tried(step(20, 0));
    expect([climb.next, climb.clean, climb.because]).toEqual([undefined, 20, undefined]);
  });

  test('tries a rate with losses three times, and then goes no further', () => {
    const climb = new Climb([10, 20, 30]);
    climb.tried(step(10, 1));
    expect(climb.next).toBe(10);
    climb.tried(step(10, 0));
    for (let tries = 0; tries < 3; tries += 1) climb.tried(step(20, 3));
    expect([climb.next, climb.clean]).toEqual([undefined, 10]);
    expect(climb.because).toBe('at 20/s 3 of 2040 messages were not answered');
  });
});
