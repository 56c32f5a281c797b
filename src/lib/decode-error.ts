/**
 * Bytes or text from outside that do not follow their format. The shell that read them counts the
 * error, logs it at debug and goes on; it is never a fault of ours.
 */
export class DecodeError extends Error {
  override readonly name = 'DecodeError';
  /** Where in the input the format was left, in bytes from its start. */
  readonly offset: number;

  constructor(message: string, offset: number) {
    super(`${message} (at byte ${offset})`);
    this.offset = offset;
  }
}
