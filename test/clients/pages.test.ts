import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Udhcpc } from './dhcp-client-programs.ts';
import { EVENT_WAIT, MusterInNamespace, Segment, SERVER_ADDRESS } from './muster-in-namespace.ts';
import { describeInNamespace, type NetworkNamespace } from './namespace.ts';
import { commandsOf, PageReader } from './suite/page-reader.ts';

/** The pages that lead newcomers to installed machines: their commands run as they stand there. */

const WEB01 = '52:54:00:12:34:56';
const PC01 = '52:54:00:00:01:01';
const OTHERS = [2, 3, 4, 5, 6].map((number) => `52:54:00:00:01:0${number}`);
/** What the page about fleets allows its wave. */
const AT_ONCE = 2;
/** A waiting menu asks, and an installer says something, as often as this; a little faster than real ones. */
const PACE_MS = 500;
const STORY_MS = 120_000;

describeInNamespace('what a newcomer types', () => {
  let segment: Segment;
  let muster: MusterInNamespace;
  let reader: PageReader;
  let clients: Udhcpc[];

  beforeEach(async () => {
    segment = await Segment.make();
    muster = new MusterInNamespace(segment.server);
    reader = new PageReader(segment.server, muster);
    clients = [];
    await muster.up();
  });
  afterEach(async () => {
    await Promise.all(clients.map((client) => client.close()));
    await muster.close();
    await segment.close();
  });

  /** A machine with a cable and an address. */
  async function switchOn(mac: string): Promise<NetworkNamespace> {
    const machine = await segment.plugIn(mac);
    const client = new Udhcpc(machine);
    clients.push(client);
    client.start();
    await client.told('bound');
    return machine;
  }

  test(
    'README: the first machine is installed, and followed',
    async () => {
      reader.ownsIso('CentOS-6.3-x86_64-bin-DVD1.iso', {
        '.discinfo': '1341569670.539557\nCentOS\nx86_64\n1,2\n',
        '.treeinfo': '[general]\nfamily = CentOS\nversion = 6.3\narch = x86_64\n',
        'images/pxeboot/vmlinuz': 'kernel',
        'images/pxeboot/initrd.img': 'initrd',
        'images/install.img': 'installer',
        'repodata/repomd.xml': '<repomd/>',
      });
      const blocks = commandsOf('README.md', 'Your first machine');
      expect(blocks).toHaveLength(2);
      const [setting, following] = blocks;
      await reader.types(setting);
      const follower = reader.starts(following);
      await bootsAndInstalls(await switchOn(WEB01), 'ks.cfg');
      await follower.waitFor(/install\.requested[^]*install\.answerServed[^]*install\.finished/);
      await follower.stop();
    },
    STORY_MS,
  );

  test(
    'docs/fleet.md: from a list to installed machines, and the budget of the wave is kept',
    async () => {
      // What is looked for on the ISO of the live server, and no byte of the system.
      reader.ownsIso('ubuntu-24.04.iso', {
        'casper/vmlinuz': 'kernel',
        'casper/initrd': 'initrd',
        'casper/ubuntu-server-minimal.squashfs': 'system',
        '.disk/info': 'Ubuntu-Server 24.04.1 LTS "Noble Numbat" - Release amd64 (20240827)\n',
      });
      // A block that is added to the page is typed here, too.
      const section = (heading: string, blocks: number): readonly string[] => {
        const all = commandsOf('docs/fleet.md', heading);
        expect(all, heading).toHaveLength(blocks);
        return all;
      };
      const [setting] = section('# A fleet', 1);
      await reader.types(setting);
      const [importing] = section('1. The list', 1);
      expect(await reader.types(importing)).toMatch(/pc-01[^]*cad-02/);

      const [groups, variables, rendering] = section('2. What each is to be', 3);
      await reader.types(groups);
      expect(await reader.types(variables)).toMatch(/packages +openssh-server freecad +group cad/);
      const answer = await reader.types(rendering);
      expect(answer).toContain('hostname: "cad-01"');
      expect(answer).toContain('nvme0n1');

      const [arming, watching, looking] = section('3. One first', 3);
      expect(await reader.types(arming)).toContain('pc-01 boots the installer of profile desk');
      const watch = reader.starts(watching);
      await watch.waitFor(/pc-01/);
      await bootsAndInstalls(await switchOn(PC01), 'user-data');
      const watched = await watch.finished;
      expect(watched, watched.stderr).toMatchObject({ code: 0 });
      expect(await reader.types(looking)).toMatch(/the installer says so[^]*install\.finished/);

      const [starting, showing, pausing] = section('4. The others', 3);
      await reader.types(starting);
      const machines = await Promise.all(OTHERS.map(switchOn));
      const installing = Promise.all(machines.map((machine) => bootsAndInstalls(machine, 'user-data')));
      await expect.poll(() => muster.told('install.requested'), EVENT_WAIT).toHaveLength(1 + AT_ONCE);
      expect(await reader.types(showing)).toMatch(/waiting/);
      await reader.types(pausing);
      await installing;

      const [ended, keeping] = section('5. What became of it', 2);
      expect(await reader.types(ended)).toMatch(/done/);
      await reader.types(keeping);
      expect(mostAtOnce()).toBe(AT_ONCE);
      // Network first, for ever after.
      for (const machine of machines) expect(await bootScript(machine)).not.toContain('/installs/');
    },
    STORY_MS,
  );

  /** Installs that were under way at one time, by the timeline. */
  function mostAtOnce(): number {
    const happened = [...muster.told('install.requested'), ...muster.told('install.finished')];
    let underWay = 0;
    return Math.max(
      ...happened
        .toSorted((one, other) => one.id - other.id)
        .map(({ kind }) => (underWay += kind === 'install.requested' ? 1 : -1)),
    );
  }
});

async function bootScript(machine: NetworkNamespace): Promise<string> {
  const url = `http://${SERVER_ADDRESS}:8080/boot/boot.ipxe`;
  return (await machine.run('curl', ['-sS', '--fail', url])).stdout;
}

/** It asks what to boot until it is told to install, and does what an installer does. @param answer its answer file. */
async function bootsAndInstalls(machine: NetworkNamespace, answer: string): Promise<void> {
  for (;;) {
    const script = await bootScript(machine);
    const report = /http:\/\/[\d.:]+\/installs\/[\da-f]{32}\//.exec(script)?.[0];
    if (report !== undefined) return await installs(machine, report, answer);
    expect(script).toContain('wait');
    await sleep(PACE_MS);
  }
}

async function installs(machine: NetworkNamespace, report: string, answer: string): Promise<void> {
  const curl = (path: string, ...words: string[]): Promise<unknown> =>
    machine.run('curl', ['-sS', '--fail', ...words, `${report}${path}`]);
  await curl(answer);
  await curl('log', '--data-binary', 'the installer says so\n');
  await curl('progress', '--data', 'step=packages&percent=50');
  await sleep(PACE_MS);
  await curl('finished', '--data', 'step=installed&percent=100');
}
