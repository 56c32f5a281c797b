import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { labMachineMac, labNetworkText } from '../../src/lab/private-network.ts';
import { makeBlankDisk } from '../../src/lab/qemu-command.ts';
import { mustRun } from '../../src/lab/run-program.ts';
import { tinyDistribution } from '../../src/lab/tiny-distribution.ts';
import type { BootStage } from './boot-stage.ts';

const BOOT_MS = 120_000;
const READ_MS = 120_000;
const DISK_BYTES = 16 * 1024 * 1024;
const RANGE = '192.168.122.100-192.168.122.200';
const SERVER = '192.168.122.1';
/** With such names their folder takes more than the 64 KiB that one reply has at most. */
const MANY = 260;
const LONG = 'x'.repeat(80);

const bytes = (length: number, seed: number): Buffer =>
  Buffer.from(Uint8Array.from({ length }, (_, index) => (index * 7 + seed * 31 + (index >> 8)) & 0xff));
const FILES: Readonly<Record<string, Buffer>> = {
  'empty/nothing': Buffer.alloc(0),
  'images/large.img': bytes(3_000_001, 1),
  'Packages/libstdc++-4.8.5-44.el7~1.x86_64.rpm': bytes(65_537, 2),
  'Packages/a name with blanks.rpm': bytes(2_048, 3),
  'names/Größe 漢字': bytes(2_049, 4),
  [`names/${'long'.repeat(15)}`]: bytes(1, 5),
  'a/b/c/d/e/f/g/h/i/j/deep': bytes(17, 6),
  ...Object.fromEntries(
    Array.from({ length: MANY }, (_, index) => [`many/file ${index} ${LONG}`, bytes(index % 3, index)]),
  ),
};
const LINK = { path: 'names/link', target: '../images/large.img' } as const;

/**
 * How the same tree is made into images; first those that have no place for a link. Without Rock Ridge genisoimage leaves
 * out what lies deeper than eight folders, unless it is told `-D`.
 */
const IMAGES = {
  joliet: {
    make: ['genisoimage', '-quiet', '-D', '-joliet-long', '-input-charset', 'utf-8'],
    link: 'without',
  },
  udf: { make: ['genisoimage', '-quiet', '-D', '-udf', '-input-charset', 'utf-8'], link: 'without' },
  'rock-ridge': { make: ['xorriso', '-as', 'mkisofs', '-quiet', '-R'], link: 'with' },
  folder: { make: undefined, link: 'with' },
} as const;
type ImageName = keyof typeof IMAGES;
const IMAGE_NAMES = Object.keys(IMAGES) as readonly ImageName[];

/** The Linux kernel's own NFS client reads every file of the same tree as a folder and out of three kinds of disc images. */
export async function kernelNfs(stage: BootStage): Promise<void> {
  const { kernel, initrd } = await tinyDistribution((sentence) => stage.phase(sentence), 'BIOS, with NFS');
  const muster = await stage.startMuster();
  await muster.mustRun(['subnet', 'add', 'lab', '--network', labNetworkText(), '--range', RANGE]);
  for (const [name, place] of await makeImages(stage))
    await muster.mustRun(['image', 'add', place, '--name', name, '--as', 'files']);
  stage.phase(`${IMAGE_NAMES.length} images with ${Object.keys(FILES).length} files each`);
  const disk = stage.path('disk.raw');
  await makeBlankDisk(disk, DISK_BYTES);
  const places = IMAGE_NAMES.map((name) => `nfs:${SERVER}:/images/${name}`);
  const words = `console=ttyS0,115200 quiet tiny.sums=${places.join(',')}`;
  const machine = await stage.powerOn({
    name: 'reader',
    mac: labMachineMac(5),
    disk: { path: disk, format: 'raw' },
    bootOrder: 'c',
    more: ['-kernel', kernel, '-initrd', initrd, '-append', words],
  });
  await machine.waitForLine(/TINY\S* MOUNTED by tcp: .*\bvers=3\b/, BOOT_MS);
  stage.phase('the kernel has mounted the first');
  await machine.waitForLine(/TINY\S* DONE reading/, READ_MS);
  // A console is bytes; its lines have each as one letter.
  const said = machine.lines.map(({ text }) => Buffer.from(text, 'latin1').toString('utf8'));
  for (const name of IMAGE_NAMES) {
    assert.deepEqual(toldOf(said, name).toSorted(), wantedOf(name).toSorted(), name);
    stage.phase(`${name}: every file has the right sha256`);
  }
  await machine.ended;
}

async function makeImages(stage: BootStage): Promise<readonly (readonly [ImageName, string])[]> {
  const tree = stage.path('tree');
  for (const [path, content] of Object.entries(FILES)) {
    await mkdir(dirname(join(tree, path)), { recursive: true });
    await writeFile(join(tree, path), content);
  }
  const made: (readonly [ImageName, string])[] = [];
  let hasLink = false;
  for (const name of IMAGE_NAMES) {
    const { make, link } = IMAGES[name];
    if (link === 'with' && !hasLink) await symlink(LINK.target, join(tree, LINK.path));
    hasLink ||= link === 'with';
    const place = make === undefined ? tree : stage.path(`${name}.iso`);
    if (make !== undefined) await mustRun([...make, '-o', place, tree]);
    made.push([name, place]);
  }
  return made;
}

function toldOf(said: readonly string[], image: ImageName): readonly string[] {
  const place = `nfs:${SERVER}:/images/${image} `;
  return said.flatMap((line) => {
    const [, what, rest = ''] = /^TINY\S* (SUM|LINK) (.*)$/.exec(line) ?? [];
    return what !== undefined && rest.startsWith(place) ? [`${what} ${rest.slice(place.length)}`] : [];
  });
}

function wantedOf(image: ImageName): readonly string[] {
  const sums = Object.entries(FILES).map(
    ([path, content]) => `SUM ${createHash('sha256').update(content).digest('hex')}  ${path}`,
  );
  return IMAGES[image].link === 'with' ? [...sums, `LINK ${LINK.path} -> ${LINK.target}`] : sums;
}
