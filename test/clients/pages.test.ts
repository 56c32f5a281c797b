import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ROM_CLASS, Udhcpc } from './dhcp-client-programs.ts';
import {
  CLASSIC_SUBNET,
  EVENT_WAIT,
  MusterInNamespace,
  Segment,
  SERVER_ADDRESS,
} from './muster-in-namespace.ts';
import { describeInNamespace, type NetworkNamespace } from './namespace.ts';
import { commandsOf, PageReader, readPage } from './suite/page-reader.ts';

/** The pages that lead newcomers to installed machines: their commands run as they stand there. */

const WEB01 = '52:54:00:12:34:56';
const PC01 = '52:54:00:00:01:01';
const OTHERS = [2, 3, 4, 5, 6].map((number) => `52:54:00:00:01:0${number}`);
/** What the page about fleets allows its wave. */
const AT_ONCE = 2;
/** A waiting menu asks, and an installer says something, as often as this; a little faster than real ones. */
const PACE_MS = 500;
const STORY_MS = 120_000;

const GETTING_STARTED = 'docs/getting-started.md';
/** What is looked for on the ISO of the live server, and no byte of the system. */
const UBUNTU = {
  'casper/vmlinuz': 'kernel',
  'casper/initrd': 'initrd',
  'casper/ubuntu-server-minimal.squashfs': 'system',
  '.disk/info': 'Ubuntu-Server 24.04.1 LTS "Noble Numbat" - Release amd64 (20240827)\n',
};
/** What is looked for on the DVD of an Enterprise Linux, and no byte of the system. */
const ROCKY = {
  '.discinfo': '1714600000.0\nRocky Linux 9.4\nx86_64\n',
  '.treeinfo': '[general]\nfamily = Rocky Linux\nversion = 9.4\narch = x86_64\n',
  'images/pxeboot/vmlinuz': 'kernel',
  'images/pxeboot/initrd.img': 'initrd',
  'images/install.img': 'installer',
  'BaseOS/repodata/repomd.xml': '<repomd/>',
};
/** Guides, what is looked for on the disc of each, and what of their commands is in the answer file. */
const UNATTENDED = [
  [
    'rhel',
    'rocky-9-dvd.iso',
    ROCKY,
    ['nvme-SAMSUNG', 'cockpit.socket', 'installed by the network', 'repo --name='],
  ],
  [
    'debian',
    'debian-12-netboot',
    {
      'version.info': 'Debian version:  12 (bookworm)\nInstaller build: 20230607+deb12u8\n',
      'debian-installer/amd64/linux': 'kernel',
      'debian-installer/amd64/initrd.gz': 'initrd',
    },
    ['nvme0n1', 'apt-daily.timer', '/mirrors/debian'],
  ],
  ['ubuntu', 'ubuntu-24.04-live-server-amd64.iso', UBUNTU, ['nvme0n1', 'snapd.service', '/mirrors/ubuntu']],
  [
    'suse',
    'SLE-15-SP6-Full-x86_64-GM-Media1.iso',
    {
      'boot/x86_64/loader/linux': 'kernel',
      'boot/x86_64/loader/initrd': 'initrd',
      'boot/x86_64/root': 'installer',
      'boot/x86_64/common': 'installer',
      'boot/x86_64/config': '',
      'media.1/products': '/ SLE-15-SP6-Full 15.6-0\n',
    },
    ['nvme0n1', 'chronyd.service', '/mirrors/leap/distribution'],
  ],
] as const;

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

  /** A machine with a cable, whose ROM has an address. */
  async function switchOn(mac: string): Promise<NetworkNamespace> {
    const machine = await segment.plugIn(mac);
    const client = new Udhcpc(machine, ['-V', ROM_CLASS, '-x', '0x5d:0000']);
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
    'docs/getting-started.md: five minutes lead to a machine that installs itself',
    async () => {
      reader.ownsIso('ubuntu-24.04.iso', UBUNTU);
      // What its set-up asks is asked in setup.test.ts.
      await muster.run('subnet', 'add', 'lan', ...CLASSIC_SUBNET);
      // As the server does by itself with an ISO in its folder of images; it gets its name afterwards.
      await reader.types('muster image add /srv/isos/ubuntu-24.04.iso');
      const [what] = commandsOf(GETTING_STARTED, '3. What to install');
      const added = await reader.types(`exec 2>&1\n${what}`);
      for (const line of toldIn('3. What to install')) expect(added).toContain(line);
      const [which] = commandsOf(GETTING_STARTED, '4. Which machine');
      const said = await reader.types(`exec 2>&1\n${which}`);
      expect(said).toContain('hostname: "pc-01"');
      // What the page says that is printed is what is printed, but for what is another at each time.
      for (const line of toldIn('4. Which machine')) expect(shapeOf(said)).toContain(shapeOf(line));
      const [watching] = commandsOf(GETTING_STARTED, '5. Switch it on');
      const watch = reader.starts(watching);
      await watch.waitFor(/pc-01/);
      await bootsAndInstalls(await switchOn(PC01), 'user-data');
      const watched = await watch.finished;
      expect(watched, watched.stderr).toMatchObject({ code: 0 });
    },
    STORY_MS,
  );

  test(
    'docs/fleet.md: from a list to installed machines, and the budget of the wave is kept',
    async () => {
      reader.ownsIso('ubuntu-24.04.iso', UBUNTU);
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
      // None is over before the reader has looked, however slow this computer is.
      const looked = gate();
      const installing = Promise.all(
        machines.map((machine) => bootsAndInstalls(machine, 'user-data', looked.opened)),
      );
      await expect.poll(() => muster.told('install.requested'), EVENT_WAIT).toHaveLength(1 + AT_ONCE);
      expect(await reader.types(showing)).toMatch(/waiting/);
      await reader.types(pausing);
      looked.open();
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

  test(
    'docs/guides/isolated-lab.md: a network without a way out has machines that are installed',
    async () => {
      reader.ownsIso('rocky-9-dvd.iso', ROCKY);
      const section = (heading: string): readonly string[] =>
        commandsOf('docs/guides/isolated-lab.md', heading);
      for (const block of [...section('1. The network'), ...section('2. What to install')]) {
        await reader.types(block);
      }
      const [arming, watching] = section('3. The machines');
      expect(await reader.types(arming)).toContain('node-1 boots the installer of profile node');
      const watch = reader.starts(watching);
      await watch.waitFor(/node-1/);
      await bootsAndInstalls(await switchOn(PC01), 'ks.cfg');
      const watched = await watch.finished;
      expect(watched, watched.stderr).toMatchObject({ code: 0 });
    },
    STORY_MS,
  );

  test(
    'docs/guides/factory-line.md: units become known, are installed, so many at a time, and are on the list',
    async () => {
      reader.ownsIso('ubuntu-24.04.iso', UBUNTU);
      const section = (heading: string): readonly string[] =>
        commandsOf('docs/guides/factory-line.md', heading);
      for (const block of [...section('1. The line'), ...section('2. Units')].slice(0, -1)) {
        await reader.types(block);
      }
      const [unit, ...others] = await Promise.all([PC01, ...OTHERS].map(switchOn));
      if (unit === undefined) throw new Error('No machine was switched on');
      const units = [unit, ...others];
      // Their ROM has made them known, and nothing is armed by that.
      for (const machine of units) expect(await bootScript(machine)).not.toContain('/installs/');
      expect(await reader.types(section('2. Units').at(-1))).toMatch(/unit-0001[^]*unit-0006/);

      const [starting, showing] = section('3. So many');
      await reader.types(starting);
      const looked = gate();
      const installing = Promise.all(
        units.map((machine) => bootsAndInstalls(machine, 'user-data', looked.opened)),
      );
      await expect.poll(() => muster.told('install.requested'), EVENT_WAIT).toHaveLength(AT_ONCE);
      expect(await reader.types(showing)).toMatch(/waiting/);
      looked.open();
      await installing;
      expect(mostAtOnce()).toBe(AT_ONCE);
      const [ending] = section('4. The end');
      expect(await reader.types(ending)).toMatch(/done/);
      expect(await reader.types('cat shift-1.csv')).toMatch(/^unit-0006,/m);
    },
    STORY_MS,
  );

  test(
    'docs/guides/home-router.md: what is typed arms a machine beside the router',
    async () => {
      reader.ownsIso('ubuntu-24.04.iso', UBUNTU);
      const [setting = ''] = commandsOf('docs/guides/home-router.md', 'Set it up');
      // Loaders come from the system's packages, and so from a network.
      await reader.types(setting.replace(/^muster loaders install$/m, ''));
      expect(await reader.types('muster explain pc-01')).toContain(
        'pc-01 boots the installer of profile desk',
      );
      const [shallGiveThem] = commandsOf('docs/guides/home-router.md', 'The router shall');
      await reader.types(shallGiveThem);
    },
    STORY_MS,
  );

  for (const [guide, iso, files, answer] of UNATTENDED) {
    test(
      `docs/guides/${guide}.md: what is typed makes an answer file that its lint finds no error in`,
      async () => {
        reader.ownsIso(iso, files);
        const blocks = [
          'Image and profile',
          'Memory',
          'Look before',
          'The disk',
          'Commands',
          'Without',
          'Where packages',
        ]
          .filter((heading) => readPage(`docs/guides/${guide}.md`).includes(`\n## ${heading}`))
          .flatMap((heading) => commandsOf(`docs/guides/${guide}.md`, heading));
        // Who asks for a password wants a terminal.
        for (const block of blocks) await reader.types(block.replaceAll(/^.* --ask .*\n/gm, ''));
        const rendered = await reader.types('muster profile render web01 --profile server');
        for (const text of ['web01', 'Europe/Berlin', 'reader@desk', ...answer])
          expect(rendered).toContain(text);
        await reader.types('muster profile lint server --machine web01');
        const [arming = ''] = commandsOf(`docs/guides/${guide}.md`, 'Install');
        await reader.types(arming.split('\n')[0]);
        expect(muster.told('install.requested')).toHaveLength(1);
      },
      STORY_MS,
    );
  }

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

/** Lines of the output that a section of getting started shows. */
function toldIn(heading: string): readonly string[] {
  const section = readPage(GETTING_STARTED)
    .split(/^## /m)
    .find((one) => one.startsWith(heading));
  const lines = [...(section ?? '').matchAll(/^```(\w*)\n(.*?)^```$/gms)]
    .flatMap(([, language, block = '']) => (language === '' ? block.split('\n') : []))
    .filter((line) => line !== '' && line !== '…');
  expect(lines.length, heading).toBeGreaterThan(1);
  return lines;
}

/** With one id for all installs. */
function shapeOf(text: string): string {
  return text.replaceAll(/\bi-[\da-f]{12}\b/g, 'i-ID');
}

async function bootScript(machine: NetworkNamespace): Promise<string> {
  const url = `http://${SERVER_ADDRESS}:8080/boot/boot.ipxe`;
  return (await machine.run('curl', ['-sS', '--fail', url])).stdout;
}

function gate(): { readonly opened: Promise<void>; readonly open: () => void } {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open: () => open() };
}

/**
 * It asks what to boot until it is told to install, and does what an installer does.
 *
 * @param answer its answer file.
 * @param mayFinish its install is not over before.
 */
async function bootsAndInstalls(
  machine: NetworkNamespace,
  answer: string,
  mayFinish?: Promise<void>,
): Promise<void> {
  for (;;) {
    const script = await bootScript(machine);
    const report = /http:\/\/[\d.:]+\/installs\/[\da-f]{32}\//.exec(script)?.[0];
    if (report !== undefined) return await installs(machine, report, answer, mayFinish);
    expect(script).toContain('wait');
    await sleep(PACE_MS);
  }
}

async function installs(
  machine: NetworkNamespace,
  report: string,
  answer: string,
  mayFinish?: Promise<void>,
): Promise<void> {
  const curl = (path: string, ...words: string[]): Promise<unknown> =>
    machine.run('curl', ['-sS', '--fail', ...words, `${report}${path}`]);
  await curl(answer);
  await curl('log', '--data-binary', 'the installer says so\n');
  await curl('progress', '--data', 'step=packages&percent=50');
  await sleep(PACE_MS);
  await mayFinish;
  await curl('finished', '--data', 'step=installed&percent=100');
}
