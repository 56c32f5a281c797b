import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { constants } from 'node:os';

/** The words of `unshare`: a network, processes and mounts that are a command's own. */
export const NAMESPACES = [
  '--net',
  '--pid',
  '--mount',
  '--fork',
  '--kill-child=KILL',
  '--mount-proc',
] as const;

/** How long the inside may take to close after a signal. */
const PATIENCE_MS = 8_000;
const FORWARDED = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** What a command has of this process besides its environment. */
interface GivenFiles {
  /** Descriptors that it has from 3 on. */
  readonly files?: readonly number[];
  /** Takes what it says, instead of this terminal. */
  readonly output?: number;
}

/**
 * Runs a command inside new namespaces, on this terminal; it is process 1 there.
 *
 * `setpriv --pdeathsig` ends `unshare` when this process dies, and `--kill-child` the inside when `unshare` does:
 * nothing stays behind even after SIGKILL.
 *
 * @returns its exit status; 128 and the signal's number when a signal ended it.
 */
export async function runInOwnNamespaces(
  command: readonly string[],
  environment: NodeJS.ProcessEnv,
  { files = [], output }: GivenFiles = {},
): Promise<number> {
  // Before there is anything to pass them on to: a signal in between would end this process at once.
  const stopForwarding = forwardSignals(() => child.pid);
  const child = spawn('setpriv', ['--pdeathsig', 'KILL', 'unshare', ...NAMESPACES, '--', ...command], {
    stdio: ['inherit', output ?? 'inherit', output ?? 'inherit', ...files],
    env: environment,
  });
  try {
    return await new Promise<number>((resolve, reject) => {
      child.on('error', reject);
      child.on('exit', (status, signal) => resolve(status ?? 128 + (signal ? constants.signals[signal] : 0)));
    });
  } finally {
    stopForwarding();
  }
}

/**
 * Ctrl-C reaches the inside by itself, being in the same process group; `kill` does not, and `unshare` passes nothing
 * on. So signals are passed on, and when the inside does not end in time, the namespaces are taken down.
 */
function forwardSignals(pidOfUnshare: () => number | undefined): () => void {
  let deadline: NodeJS.Timeout | undefined;
  const forward = (): void => {
    const unsharePid = pidOfUnshare();
    if (unsharePid === undefined) return;
    for (const pid of childrenOf(unsharePid)) endQuietly(pid, 'SIGTERM');
    deadline ??= setTimeout(() => endQuietly(unsharePid, 'SIGKILL'), PATIENCE_MS);
  };
  for (const signal of FORWARDED) process.on(signal, forward);
  return () => {
    clearTimeout(deadline);
    for (const signal of FORWARDED) process.off(signal, forward);
  };
}

function childrenOf(pid: number): readonly number[] {
  const path = `/proc/${pid}/task/${pid}/children`;
  if (!existsSync(path)) return [];
  return readFileSync(path, 'utf8')
    .split(' ')
    .map(Number)
    .filter((child) => child > 0);
}

function endQuietly(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended already, which is what was wanted.
  }
}
