import { spawn } from 'node:child_process';

/** Output kept of one program; the rest is dropped, since nobody reads megabytes of an error. */
const OUTPUT_LIMIT_BYTES = 16 * 1024 * 1024;
const DEFAULT_TIMEOUT_MS = 120_000;

export interface ProgramResult {
  /** Exit status; -1 when a signal ended it. */
  readonly status: number;
  readonly stdout: Buffer;
  readonly stderr: string;
}

export interface ProgramOptions {
  readonly folder?: string;
  readonly environment?: NodeJS.ProcessEnv;
  readonly timeoutMs?: number;
}

/** Runs a program to its end without a shell. @throws Error when it cannot be started at all. */
export async function runProgram(
  command: readonly string[],
  options: ProgramOptions = {},
): Promise<ProgramResult> {
  const [program = '', ...programArguments] = command;
  const child = spawn(program, programArguments, {
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: options.timeoutMs ?? DEFAULT_TIMEOUT_MS,
    ...(options.folder === undefined ? {} : { cwd: options.folder }),
    ...(options.environment === undefined ? {} : { env: options.environment }),
  });
  const stdout = collect(child.stdout);
  const stderr = collect(child.stderr);
  const status = await new Promise<number>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve(code ?? -1));
  });
  return { status, stdout: stdout(), stderr: stderr().toString('utf8') };
}

/** The same, where anything but success is an error. @throws Error with the program's last words. */
export async function mustRun(command: readonly string[], options: ProgramOptions = {}): Promise<Buffer> {
  const result = await runProgram(command, options);
  if (result.status === 0) return result.stdout;
  const words = result.stderr.trim().split('\n').slice(-3).join('; ');
  throw new Error(`"${command.join(' ')}" ended with status ${result.status}: ${words}`);
}

function collect(stream: NodeJS.ReadableStream): () => Buffer {
  const chunks: Buffer[] = [];
  let bytes = 0;
  stream.on('data', (chunk: Buffer) => {
    if (bytes < OUTPUT_LIMIT_BYTES) chunks.push(chunk);
    bytes += chunk.length;
  });
  return () => Buffer.concat(chunks);
}
