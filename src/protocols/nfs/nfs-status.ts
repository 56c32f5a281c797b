import type { Place } from './exports.ts';
import type { XdrWriter } from './xdr.ts';

/** What a procedure of NFS came to. */

/** RFC 1813 §2.6, `nfsstat3`: those that a server gives from which one can only read. */
export const NfsStatus = {
  OK: 0,
  NOENT: 2,
  IO: 5,
  NOTDIR: 20,
  INVAL: 22,
  ROFS: 30,
  NAMETOOLONG: 63,
  STALE: 70,
  BADHANDLE: 10001,
  BAD_COOKIE: 10003,
  TOOSMALL: 10005,
} as const;

export type NfsFailure = Exclude<(typeof NfsStatus)[keyof typeof NfsStatus], typeof NfsStatus.OK>;

export type Outcome<Good> =
  | { readonly ok: true; readonly good: Good }
  /** `place`: what the attributes are told of, as far as it was found. */
  | { readonly ok: false; readonly status: NfsFailure; readonly place?: Place };

export function good<Good>(value: Good): Outcome<Good> {
  return { ok: true, good: value };
}

export function bad(status: NfsFailure, place?: Place): Outcome<never> {
  return place === undefined ? { ok: false, status } : { ok: false, status, place };
}

/** The status, and behind it what belongs to it. */
export function writeOutcome<Good>(
  reply: XdrWriter,
  outcome: Outcome<Good>,
  writeGood: (reply: XdrWriter, value: Good) => void,
  writeBad: (reply: XdrWriter, place: Place | undefined) => void,
): void {
  if (outcome.ok) {
    reply.uint32(NfsStatus.OK);
    writeGood(reply, outcome.good);
    return;
  }
  reply.uint32(outcome.status);
  writeBad(reply, outcome.place);
}
