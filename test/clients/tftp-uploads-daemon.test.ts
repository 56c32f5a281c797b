import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { EVENT_WAIT, MusterInNamespace, Segment, SERVER_ADDRESS } from './muster-in-namespace.ts';
import { describeInNamespace, type NetworkNamespace } from './namespace.ts';

const SWITCH = '52:54:00:00:00:01';
const SWITCH_ADDRESS = '192.168.122.50';
const DISK_BYTES = 1024 * 1024;
/** curl: CURLE_REMOTE_DISK_FULL, which it gives for error 3 alone. */
const DISK_FULL = 70;

describeInNamespace('uploads to muster up when things go wrong', () => {
  let segment: Segment;
  let muster: MusterInNamespace;
  let sender: NetworkNamespace;
  let uploads = '';

  beforeEach(async () => {
    segment = await Segment.make();
    muster = new MusterInNamespace(segment.server);
    uploads = join(muster.folder, 'uploads');
    mkdirSync(uploads);
    writeFileSync(muster.settingsFile, `tftp:\n  uploads:\n    folder: ${uploads}\n`);
    sender = await segment.plugIn(SWITCH);
    await sender.ip(`address add ${SWITCH_ADDRESS}/24 dev eth0`);
  });
  afterEach(async () => {
    await muster.close();
    await segment.close();
  });

  /** As the server sees it, since what is mounted there is mounted for it alone. */
  async function inFolder(): Promise<readonly string[]> {
    const { stdout } = await segment.server.run('ls', ['-A', uploads]);
    return stdout.split('\n').filter((name) => name !== '');
  }

  function source(bytes: number): string {
    const path = join(muster.folder, `source-${bytes}`);
    writeFileSync(path, randomBytes(bytes));
    return path;
  }

  /** Without options, so that nobody is told the size beforehand. */
  function putWords(path: string, name: string): readonly string[] {
    return ['-sS', '--tftp-no-options', '-T', path, `tftp://${SERVER_ADDRESS}/${name}`];
  }

  test('a disk that gets full is told as such, leaves nothing, and takes what fits afterwards', async () => {
    await segment.server.run('mount', ['-t', 'tmpfs', '-o', `size=${DISK_BYTES}`, 'small', uploads]);
    await muster.up();
    const put = (bytes: number, name: string) => sender.tryRun('curl', [...putWords(source(bytes), name)]);
    expect(await put(2 * DISK_BYTES, 'large')).toMatchObject({ code: DISK_FULL });
    await expect.poll(inFolder, EVENT_WAIT).toEqual([]);
    await expect
      .poll(() => muster.told('tftp.failed').map(({ because }) => because), EVENT_WAIT)
      .toEqual([expect.stringContaining('the disk of the server is full')]);
    expect(await put(DISK_BYTES / 2, 'small')).toMatchObject({ code: 0 });
    expect(await inFolder()).toEqual(['small']);
  });

  test('a kill in the middle of one leaves nothing once Muster is back, and the name is free', async () => {
    await muster.up();
    const path = source(DISK_BYTES);
    const words = putWords(path, 'switch.cfg');
    // So slow that it is not over before the kill, however busy this computer is.
    const slow = sender.start('curl', ['--limit-rate', '20k', ...words]);
    await expect.poll(inFolder, EVENT_WAIT).toEqual([expect.stringMatching(/^\.muster-upload-/)]);
    muster.program.signal('SIGKILL');
    await muster.program.finished;
    expect(await inFolder()).toEqual([expect.stringMatching(/^\.muster-upload-/)]);
    await slow.stop();
    await muster.up();
    expect(await inFolder()).toEqual([]);
    expect(await sender.tryRun('curl', words)).toMatchObject({ code: 0 });
    await segment.server.run('cmp', [path, join(uploads, 'switch.cfg')]);
  });
});
