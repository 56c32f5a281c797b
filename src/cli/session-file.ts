import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Terminal } from './terminal.ts';

/**
 * Where the command line keeps its log-ins: one secret for each server, in a file that its user alone reads. What a
 * browser keeps as a cookie.
 */
type Kept = Readonly<Record<string, string>>;

const MODE_OF_OWNER = 0o600;
const MODE_OF_FOLDER = 0o700;

function fileOf({ environment }: Terminal): string {
  const config = environment['XDG_CONFIG_HOME'] || join(environment['HOME'] || homedir(), '.config');
  return join(config, 'muster', 'sessions.json');
}

async function readAll(terminal: Terminal): Promise<Kept> {
  const { readFile } = await import('node:fs/promises');
  try {
    const kept: unknown = JSON.parse(await readFile(fileOf(terminal), 'utf8'));
    return typeof kept === 'object' && kept !== null ? (kept as Kept) : {};
  } catch {
    // Not there, or not readable: nobody is logged in.
    return {};
  }
}

export async function readSession(terminal: Terminal, server: string): Promise<string | undefined> {
  const secret: unknown = (await readAll(terminal))[server];
  return typeof secret === 'string' && /^[\w-]+$/.test(secret) ? secret : undefined;
}

/** @param secret undefined: it is forgotten. @returns the file. */
export async function keepSession(
  terminal: Terminal,
  server: string,
  secret: string | undefined,
): Promise<string> {
  const { mkdir, rename, rm, writeFile } = await import('node:fs/promises');
  const file = fileOf(terminal);
  const { [server]: _, ...others } = await readAll(terminal);
  const kept = secret === undefined ? others : { ...others, [server]: secret };
  await mkdir(dirname(file), { recursive: true, mode: MODE_OF_FOLDER });
  // Never there with other rights, nor half: one that was left over keeps its own.
  await rm(`${file}.new`, { force: true });
  await writeFile(`${file}.new`, `${JSON.stringify(kept, undefined, 2)}\n`, {
    mode: MODE_OF_OWNER,
    flag: 'wx',
  });
  await rename(`${file}.new`, file);
  return file;
}
