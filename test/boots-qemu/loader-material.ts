import { existsSync } from 'node:fs';
import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheFolder } from '../../src/lab/cache-folder.ts';
import { LabRefusal } from '../../src/lab/lab-refusal.ts';
import { runProgram } from '../../src/lab/run-program.ts';
import { musterCommand } from './muster-command.ts';

const DOWNLOAD_MS = 300_000;
/** One file of each set that boots here, by the processor that `muster loaders install` is asked for. */
const WANTED = {
  x64: ['usr/lib/shim/shimx64.efi.signed', 'usr/lib/ipxe/snponly.efi', 'usr/lib/ipxe/undionly.kpxe'],
  aa64: ['usr/lib/shim/shimaa64.efi.signed', 'usr/lib/grub/arm64-efi-signed/grubnetaa64.efi.signed'],
} as const;

/**
 * The loaders that machines get, as a user has them: `muster loaders install`, once, into a data folder in the cache.
 *
 * @throws LabRefusal with the command's own words when it fails.
 */
export async function loaderMaterial(
  say: (sentence: string) => void,
  cpu: keyof typeof WANTED = 'x64',
): Promise<void> {
  if (WANTED[cpu].every((file) => existsSync(join(loadersFolder(), file)))) return;
  const words = ['loaders', 'install', ...(cpu === 'x64' ? [] : ['--cpu', cpu])];
  say(`Running muster ${words.join(' ')}: shim, GRUB and iPXE for the machines of the lab`);
  await mkdir(dataFolder(), { recursive: true });
  const result = await runProgram([...musterCommand(), ...words], {
    environment: { ...process.env, MUSTER_DATA_FOLDER: dataFolder() },
    timeoutMs: DOWNLOAD_MS,
  });
  if (result.status !== 0) throw new LabRefusal(`muster ${words.join(' ')} failed: ${result.stderr.trim()}`);
}

/** Gives them to the Muster whose data folder this is; it must not have been started yet. */
export async function bringLoaders(data: string): Promise<void> {
  await mkdir(data, { recursive: true });
  await symlink(loadersFolder(), join(data, 'loaders'));
}

function dataFolder(): string {
  return join(cacheFolder(), 'muster');
}

function loadersFolder(): string {
  return join(dataFolder(), 'loaders');
}
