import { spawn } from 'node:child_process';

export interface ProgramWish {
  readonly path: string;
  readonly args: readonly string[];
  /** All it gets: nothing of this process's environment goes along by itself. */
  readonly environment: Readonly<Record<string, string>>;
  /** Written to its standard input, which is then closed. */
  readonly input?: string;
  /** It and all that it started are killed after this. */
  readonly timeoutMs: number;
  /** Letters kept of each of its two outputs; what comes behind is read and forgotten. */
  readonly maxOutput: number;
  readonly enough: AbortSignal;
}

export type ProgramEnd =
  | { readonly ended: true; readonly code: number; readonly stdout: string; readonly stderr: string }
  /** `missing`: there is no such program. `killed`: it took too long, or something ended it. */
  | { readonly ended: false; readonly kind: 'missing' | 'killed'; readonly because: string };

/** Runs a program to its end, without a shell and in a process group of its own. Never rejects. */
export function runProgram(wish: ProgramWish): Promise<ProgramEnd> {
  const { path, args, environment, input = '', timeoutMs, maxOutput, enough } = wish;
  return new Promise((resolve) => {
    const child = spawn(path, args, { env: { ...environment }, stdio: 'pipe', detached: true, cwd: '/' });
    const stdout = keepStart(child.stdout, maxOutput);
    const stderr = keepStart(child.stderr, maxOutput);
    let because = '';
    const kill = (why: string): void => {
      because = why;
      // The group: a script's own children would hold the pipes open for ever.
      if (child.pid !== undefined) killGroup(child.pid);
    };
    const timer = setTimeout(() => kill(`it took longer than ${timeoutMs / 1000} s`), timeoutMs);
    const stopped = (): void => kill('it was stopped');
    enough.addEventListener('abort', stopped, { once: true });
    if (enough.aborted) stopped();
    const over = (end: ProgramEnd): void => {
      clearTimeout(timer);
      enough.removeEventListener('abort', stopped);
      resolve(end);
    };
    child.on('error', (error: NodeJS.ErrnoException) =>
      over({ ended: false, kind: 'missing', because: `it cannot be run (${error.code ?? error.message})` }),
    );
    child.on('close', (code, signal) =>
      over(
        code === null
          ? { ended: false, kind: 'killed', because: because || `it was ended by ${signal ?? 'somebody'}` }
          : { ended: true, code, stdout: stdout(), stderr: stderr() },
      ),
    );
    // It may end without having read it all.
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
  });
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It is gone already.
  }
}

function keepStart(stream: NodeJS.ReadableStream, max: number): () => string {
  let kept = '';
  stream.setEncoding('utf8');
  stream.on('data', (piece: string) => {
    if (kept.length < max) kept = (kept + piece).slice(0, max);
  });
  return () => kept;
}

/** One line of what a program said, for a sentence: its last words tell why it failed. */
export function lastWords(text: string, max = 200): string {
  const lines = text.split('\n').map((line) => line.replaceAll(/\p{Cc}+/gu, ' ').trim());
  return (lines.findLast((line) => line !== '') ?? '').replace(/\.+$/, '').slice(0, max);
}
