import assert from 'node:assert/strict';
import type { WireEvent } from '../../src/contract/events.ts';
import { tinyDistribution } from '../../src/lab/tiny-distribution.ts';
import type { VirtualMachine } from '../../src/lab/virtual-machine.ts';
import type { BootStage } from './boot-stage.ts';
import { playInstall, type StoryShape } from './install-story.ts';

const FROM_ONE_DISC = {
  firmware: 'bios',
  image: 'disc',
  loader: 'pxelinux',
  way: 'DHCP, pxelinux, kernel and initrd over TFTP',
  explained: { chain: 'pxelinux.0, ldlinux.c32, pxelinux.cfg', rule: 'wish' },
} as const satisfies Partial<StoryShape>;
/** The answer file and the kernel of the tree; of the other files a sum is told. */
const LEAST_SENT = 2;

/** The installer with the kernel's NFS client in its initrd. */
export async function nfsMaterial(say: (sentence: string) => void): Promise<void> {
  await tinyDistribution(say, 'BIOS, with NFS');
}

/** The answer file and the tree come over FTP, out of one disc image. */
export async function biosInstallFtp(stage: BootStage): Promise<void> {
  const { machine } = await playInstall(stage, { ...FROM_ONE_DISC, tree: 'BIOS', source: 'ftp' });
  assertSaid(machine, /TINY\S* ANSWERFILE ftp:\/\/192\.168\.122\.1\/installs\//);
  assertSaid(machine, /TINY\S* REPO ftp:\/\/192\.168\.122\.1\/images\/tiny$/);
  assertTold(stage, 'ftp.sent', LEAST_SENT);
  await assertNothingByHttp(stage, '/(?:images|installs)/');
}

/** The kernel's own NFS client mounts the tree, which is on one disc image; it asks for the mount over UDP, then over TCP. */
export async function biosInstallNfs(stage: BootStage): Promise<void> {
  const { machine } = await playInstall(stage, { ...FROM_ONE_DISC, tree: 'BIOS, with NFS', source: 'nfs' });
  assertSaid(machine, /TINY\S* REPO nfs:192\.168\.122\.1:\/images\/tiny$/);
  for (const by of ['udp', 'tcp'])
    assertSaid(
      machine,
      new RegExp(
        `MOUNTED by ${by}: 192\\.168\\.122\\.1:/images/tiny /tree nfs ro,.*\\bvers=3\\b.*mountproto=${by}`,
      ),
    );
  assertTold(stage, 'nfs.mounted', 1);
  for (const [what, filter] of [
    ['the kernel asked the port mapper', 'dst port 111'],
    ['it asked for the mount over UDP', 'udp dst port 2049'],
    ['it read over TCP', 'tcp dst port 2049'],
  ] as const)
    assert.ok((await stage.wire.packets(filter)).length > 0, what);
  await assertNothingByHttp(stage, '/images/');
}

function assertSaid(machine: VirtualMachine, line: RegExp): void {
  assert.ok(
    machine.lines.some(({ text }) => line.test(text)),
    `the console has ${line}`,
  );
}

function assertTold({ feed }: BootStage, kind: WireEvent['kind'], least: number): void {
  const told = feed.events.filter((event) => event.kind === kind).length;
  assert.ok(told >= least, `the timeline has ${told} events ${kind}`);
}

/** But for reports, which are posted. */
async function assertNothingByHttp({ wire }: BootStage, paths: string): Promise<void> {
  const asked = await wire.packets('tcp dst port 8080');
  const wanted = new RegExp(`\\bGET ${paths}`);
  assert.deepEqual(
    asked.filter((packet) => wanted.test(packet)),
    [],
    'nothing of the tree was asked for over HTTP',
  );
}
