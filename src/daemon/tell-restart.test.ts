import { expect, test } from 'vitest';
import { tellRestart } from './tell-restart.ts';

const ONCE = { because: 'Error: out of memory\n    at sendFile', restarts: 3, pauseMs: 50 } as const;

for (const [protocol, lost, words] of [
  ['HTTP', { connectionsLost: 4 }, '4 connections'],
  ['NFS', { connectionsLost: 2 }, '2 connections'],
  ['FTP', { transfersLost: 5 }, '5 transfers'],
  ['TFTP', { transfersLost: 1 }, '1 transfers'],
] as const) {
  test(`a thread of ${protocol} that died stands in the log and in the timeline, with what was lost`, () => {
    const logged: unknown[] = [];
    const noted: unknown[] = [];
    const log = {
      debug: fail,
      info: fail,
      warn: fail,
      error: (...words: unknown[]) => void logged.push(words),
    };
    const events = { note: (event: unknown) => void noted.push(event) };
    tellRestart(protocol, { services: { events }, log })({ ...ONCE, ...lost });
    expect(logged).toEqual([
      [`The part of ${protocol} that sends files died, and starts again`, { ...ONCE, ...lost }],
    ]);
    expect(noted).toEqual([
      {
        kind: `${protocol.toLowerCase()}.restarted`,
        text: `The part of ${protocol} that sends files died and was started again; ${words} were lost`,
        because: 'Error: out of memory',
        data: { restarts: 3, ...lost },
      },
    ]);
  });
}

function fail(): never {
  throw new Error('This is said as an error');
}
