import { rmSync } from 'node:fs';
import { runProgram } from '../src/lab/run-program.ts';

const TIMEOUT_MS = 120_000;

/** Makes a disc image of a folder, as distributions make theirs; undefined where xorriso is not there. */
export async function makeDisc(folder: string, path: string): Promise<string | undefined> {
  rmSync(path, { force: true });
  const command = ['xorriso', '-as', 'mkisofs', '-quiet', '-R', '-J', '-iso-level', '3', '-o', path, folder];
  try {
    const { status, stderr } = await runProgram(command, { timeoutMs: TIMEOUT_MS });
    if (status !== 0) throw new Error(`xorriso made no disc image: ${stderr.trim()}`);
    return path;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
