/** The FTP server that the tests of FTP clients run in a network namespace, on the addresses it is given; each line of output is a refusal. */
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mkdtempSync, rmSync } from 'node:fs';
import { loadLibc } from '../../src/os/libc.ts';
import { FtpPlane } from '../../src/protocols/ftp/plane.ts';
import { sourceOnDisk } from './suite/source-on-disk.ts';
import { parseIp } from '../../src/lib/ipv6-address.ts';
import { serveFtp } from '../../src/protocols/ftp/server.ts';
import { MemoryTree } from '../../src/lib/suite/memory-tree.ts';

const [way, interfaceName, ...addresses] = process.argv.slice(2);
const plane = way === 'plane' ? openPlane() : undefined;
const folder = mkdtempSync(join(tmpdir(), 'muster-ftp-child-'));
const hello = sourceOnDisk(join(folder, 'hello'), ['hello\n']);
// It is open, and needs no name any more.
rmSync(folder, { recursive: true });
const tree = new MemoryTree({
  'hello.txt': plane ? hello : 'hello\n',
  big: new Uint8Array(64 * 1024 * 1024),
});
for (const address of addresses) {
  await serveFtp({
    address: parseIp(address),
    interfaceName,
    port: 21,
    tree,
    plane,
    clock: { nowMs: () => Date.now() },
    onEnd: () => undefined,
    onRefused: ({ verb, because }) => console.log(`refused ${verb ?? 'a connection'}: ${because}`),
    report: (what, error) => console.log(`${what}: ${String(error)}`),
  });
}
console.log('listening');

function openPlane(): FtpPlane {
  const libc = loadLibc();
  if ('unavailable' in libc) throw new Error(libc.because);
  return new FtpPlane({
    libc,
    threads: 1,
    report: (_, error) => console.log(`failed: ${String(error)}`),
    restarted: ({ because }) => console.log(`failed: ${because}`),
  });
}
