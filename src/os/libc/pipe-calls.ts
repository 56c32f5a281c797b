import { check, type ForeignCalls, resultOf } from './foreign-calls.ts';
import { FileOffset } from './file-offset.ts';
import type { Libc } from './libc-types.ts';

/** Of pipe2(2). */
const O_CLOEXEC = 0o2_000_000;
const O_NONBLOCK = 0o4_000;
/** Of fcntl(2). */
const F_SETPIPE_SZ = 1031;
/** Of splice(2). */
const SPLICE_F_NONBLOCK = 2;
const SPLICE_F_MORE = 4;

/** Pipes that hold parts of files, none of which is copied. */
export function pipeCalls(calls: ForeignCalls): Pick<Libc, 'openPipe' | 'fillPipe' | 'emptyPipe'> {
  const offset = new FileOffset(calls);
  return {
    openPipe(bytes) {
      const ends = new Int32Array(2);
      const opened = calls.pipe2(new Uint8Array(ends.buffer), O_CLOEXEC | O_NONBLOCK);
      check(calls, opened, 'pipe2', 'open a pipe');
      const [output = -1, input = -1] = ends;
      // Where so much is not allowed it stays as large as it is.
      calls.fcntl(input, F_SETPIPE_SZ, bytes);
      return { input, output };
    },
    fillPipe(input, file, at, length) {
      const place = offset.set(at);
      return resultOf(calls, calls.splice(file, place, input, 0, length, SPLICE_F_NONBLOCK));
    },
    emptyPipe(output, fd, length, more) {
      const flags = SPLICE_F_NONBLOCK | (more === 'more follows' ? SPLICE_F_MORE : 0);
      return resultOf(calls, calls.splice(output, 0, fd, 0, length, flags));
    },
  };
}
