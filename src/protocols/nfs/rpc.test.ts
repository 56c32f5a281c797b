import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DecodeError } from '../../lib/decode-error.ts';
import { withoutStacks } from '../../lib/suite/without-stacks.ts';
import { CallDesk } from './answer-calls.ts';
import { decodeCall, nullProcedure, procedure, type Program } from './rpc.ts';
import { PEER } from './suite/asked-engine.ts';
import { AUTH_NONE, AUTH_SYS, callBytes, words, type Word, XID } from './suite/rpc-messages.ts';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

interface Context {
  readonly machineName: string;
}

const PROGRAM: Program<Context> = {
  number: 4711,
  versions: new Map([
    [
      2,
      {
        0: nullProcedure<Context>('NULL'),
        1: procedure({
          name: 'DOUBLE',
          decode: (args) => args.uint32(),
          answer: (value: number) => Promise.resolve(value * 2),
          encode: (reply, value) => reply.uint32(value),
        }),
        2: procedure({
          name: 'BREAKS',
          decode: () => undefined,
          answer: () => Promise.reject(new Error('a fault of ours')),
          encode: () => undefined,
        }),
        3: procedure({
          name: 'WHO',
          decode: () => undefined,
          answer: (_: undefined, { machineName }: Context) => machineName,
          encode: (reply, name) => reply.text(name),
        }),
        5: procedure({
          name: 'READS WHAT IS BROKEN',
          decode: () => undefined,
          answer: () => Promise.reject(new DecodeError('a disc image is broken', 0)),
          encode: () => undefined,
        }),
      },
    ],
    [4, {}],
  ]),
};

function desk(): {
  ask: (bytes: Uint8Array) => Promise<string | undefined>;
  faults: string[];
  calls: string[];
} {
  const faults: string[] = [];
  const calls: string[] = [];
  const made = new CallDesk([PROGRAM], ({ machineName }) => ({ machineName }), {
    called: (name) => calls.push(name),
    report: (what) => faults.push(what),
  });
  const ask = async (bytes: Uint8Array): Promise<string | undefined> => {
    const reply = await made.answer(bytes, PEER);
    return reply && hex(Buffer.concat(reply.pieces));
  };
  return { ask, faults, calls };
}

const CALL = { program: 4711, version: 2 } as const;
/** A reply that was accepted, with its verifier. */
const accepted = (...rest: readonly Word[]): string => hex(words(XID, 1, 0, 0, 0, ...rest));
const denied = (...rest: readonly Word[]): string => hex(words(XID, 1, 1, ...rest));
const calling = (procedureNumber: number, ...args: readonly Word[]): Uint8Array =>
  callBytes({ ...CALL, procedure: procedureNumber }, ...args);
const withAuth = (credential: readonly Word[], procedureNumber = 1): Uint8Array =>
  callBytes({ ...CALL, procedure: procedureNumber, credential }, 21);

describe('what a call is answered (RFC 5531 §9)', () => {
  for (const [what, bytes, expected] of [
    ['its result', calling(1, 21), accepted(0, 42)],
    ['nothing but success to procedure 0', calling(0), accepted(0)],
    ['the machine name that it claims', calling(3), accepted(0, 'web01')],
    ['PROG_UNAVAIL', callBytes({ ...CALL, program: 100227, procedure: 0 }), accepted(1)],
    [
      'PROG_MISMATCH with the versions there are',
      callBytes({ ...CALL, version: 3, procedure: 0 }),
      accepted(2, 2, 4),
    ],
    ['PROC_UNAVAIL', calling(4), accepted(3)],
    ['PROC_UNAVAIL to what every object has', calling(0x7fff_ffff), accepted(3)],
    ['GARBAGE_ARGS', calling(1), accepted(4)],
    ['SYSTEM_ERR to a fault of ours', calling(2), accepted(5)],
    ['SYSTEM_ERR to a disc image that is broken, which is no fault of the caller', calling(5), accepted(5)],
    ['its result without a credential', withAuth(AUTH_NONE), accepted(0, 42)],
    ['its result with a credential of 400 bytes', withAuth([1, new Uint8Array(400)]), accepted(0, 42)],
    [
      'its result with a credential that makes no sense',
      withAuth([1, Uint8Array.of(1, 2, 3)]),
      accepted(0, 42),
    ],
    ['AUTH_BADCRED with one of 401 bytes', withAuth([1, new Uint8Array(401)]), denied(1, 1)],
    ['AUTH_BADCRED with one of 4 GB', words(XID, 0, 2, 4711, 2, 1, 1, 0xffff_ffff), denied(1, 1)],
    ['AUTH_BADCRED to Kerberos', withAuth([6, new Uint8Array(20)]), denied(1, 1)],
    ['success to procedure 0 with Kerberos', withAuth([6, new Uint8Array(20)], 0), accepted(0)],
    ['RPC_MISMATCH', words(XID, 0, 3, 4711, 2, 1, 0, 0, 0, 0), denied(0, 2, 2)],
    ['silence to a reply', words(XID, 1, 0, 0, 0, 0), undefined],
    ['silence to what ends too early', callBytes({ ...CALL, procedure: 0 }).subarray(0, 37), undefined],
    ['silence to nothing', new Uint8Array(0), undefined],
  ] as const) {
    test(what, async () => expect(await desk().ask(bytes)).toBe(expected));
  }

  test('names of procedures are counted, and what is wrong is reported by whose fault it is', async () => {
    const { ask, faults, calls } = desk();
    for (const bytes of [calling(1, 1), calling(0), calling(1), calling(2), calling(99), new Uint8Array(3)])
      await ask(bytes);
    expect(calls).toEqual(['DOUBLE', 'NULL', 'DOUBLE', 'BREAKS']);
    expect(faults).toEqual(['dropped', 'failed', 'dropped']);
  });
});

test('decodeCall: bytes after a broken or random call throw nothing but DecodeError', () => {
  const broken = fc
    .tuple(fc.nat(), fc.nat(255), fc.nat(), fc.constantFrom(AUTH_SYS, AUTH_NONE))
    .map(([at, byte, end, credential]) => {
      const bytes = Uint8Array.from(callBytes({ ...CALL, procedure: 1, credential }, 'some text', 7n));
      bytes[at % bytes.length] = byte;
      return bytes.subarray(0, end % (bytes.length + 1));
    });
  let refused = 0;
  withoutStacks(() =>
    fc.assert(
      fc.property(fc.oneof(broken, fc.uint8Array({ maxLength: 100 })), (bytes) => {
        try {
          decodeCall(bytes);
        } catch (error) {
          if (!(error instanceof DecodeError)) throw error;
          refused += 1;
        }
      }),
      { numRuns: 20_000 },
    ),
  );
  expect(refused).toBeGreaterThan(1000);
});
