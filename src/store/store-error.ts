/**
 * Why the store cannot be opened, or cannot do what it always can.
 *
 * - `driver missing`: no SQLite for this Node.
 * - `not ours`: the file is no database, or another program's.
 * - `damaged`: the file is ours and broken.
 * - `newer schema`: a newer Muster has written it.
 * - `cannot write`, `disk full`, `busy`: the operating system or another process says no.
 * - `gone`: what the record refers to (a subnet, a machine, a profile) was removed meanwhile.
 * - `overloaded`: more calls wait than `MAX_WAITING_CALLS`.
 * - `closed`: asked after `close()`.
 */
export type StoreErrorKind =
  | 'driver missing'
  | 'not ours'
  | 'damaged'
  | 'newer schema'
  | 'cannot write'
  | 'disk full'
  | 'busy'
  | 'gone'
  | 'overloaded'
  | 'closed';

/** Nothing was changed by the call that throws this. Its message says what is wrong and what to do. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
  readonly kind: StoreErrorKind;
  /** What to do, as it ends the message. */
  readonly advice: string;

  constructor(kind: StoreErrorKind, problem: string, advice: string, options?: ErrorOptions) {
    super(`${problem}: ${advice}`, options);
    this.kind = kind;
    this.advice = advice;
  }
}
