import { createCipheriv } from 'node:crypto';
import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { CpioEntry } from '../../../src/formats/cpio/newc.ts';
import { LIVE_NEEDS } from '../../../src/lab/host-programs.ts';
import { mustRun } from '../../../src/lab/run-program.ts';
import { appletEntries, findHostFiles, programEntries } from '../../../src/lab/tiny-initrd.ts';
import { requireUnpacked } from '../../../src/lab/unpacked-packages.ts';

/** Bytes no compression makes smaller: they are read over the network when the live system reads them. */
const PAYLOAD_BYTES = 3 * 1024 * 1024;
export const PAYLOAD = 'usr/share/live/payload';
const FOLDERS = ['proc', 'sys', 'dev', 'run', 'tmp', 'etc', 'var/log', 'root', 'lib/live'];

/**
 * The first program of the live system. Where it is started its own bytes came over NFS, and so does all it runs. The lines
 * are `LIVE WORD rest`, on the serial console, for a menu names no other.
 */
const INIT = `#!/bin/sh
export PATH=/bin:/sbin
exec >/dev/ttyS0 2>&1 </dev/null
say() { echo "LIVE $*"; }
say "RUNS $(uname -r) command line: $(cat /proc/cmdline)"
while read -r mount; do say "MOUNT $mount"; done </proc/mounts
say "SUM root $(cd / && sha256sum ${PAYLOAD})"
cd /run/live/medium || say "FAIL the medium is not there"
find . -type f | sort | while read -r file; do say "SUM medium $(sha256sum "\${file#./}")"; done
say DONE
sync
sleep 1
poweroff -f
`;

/** The same every time. */
export function payload(): Buffer {
  const cipher = createCipheriv('aes-128-ctr', Buffer.alloc(16, 0x4c), Buffer.alloc(16));
  return cipher.update(Buffer.alloc(PAYLOAD_BYTES));
}

/** Writes the root file system, in a folder that is there and empty, and the squashfs of it. */
export async function writeLiveRoot(folder: string, squashfs: string): Promise<void> {
  const { busybox } = findHostFiles();
  const entries: readonly CpioEntry[] = [
    ...FOLDERS.map((path) => ({ kind: 'folder', path }) as const),
    ...(await programEntries(busybox, 'bin/busybox')),
    ...(await appletEntries({ busybox, runsHere: true })),
    { kind: 'file', path: 'sbin/init', bytes: Buffer.from(INIT), executable: true },
    { kind: 'file', path: PAYLOAD, bytes: payload(), executable: false },
  ];
  for (const entry of entries) await writeEntry(folder, entry);
  const environment = {
    ...process.env,
    LD_LIBRARY_PATH: dirname(requireUnpacked(LIVE_NEEDS.lzo)),
  };
  const words = ['-noappend', '-all-root', '-no-progress', '-quiet'];
  await mustRun([requireUnpacked(LIVE_NEEDS.mksquashfs), folder, squashfs, ...words], { environment });
}

async function writeEntry(folder: string, entry: CpioEntry): Promise<void> {
  const path = join(folder, entry.path);
  if (entry.kind === 'folder') {
    await mkdir(path, { recursive: true });
    return;
  }
  await mkdir(dirname(path), { recursive: true });
  if (entry.kind === 'link') {
    await symlink(entry.target, path);
    return;
  }
  await writeFile(path, entry.bytes);
  if (entry.executable) await chmod(path, 0o755);
}
