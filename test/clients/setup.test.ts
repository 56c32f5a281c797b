import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { Udhcpc } from './dhcp-client-programs.ts';
import { MusterInNamespace, Segment } from './muster-in-namespace.ts';
import { describeInNamespace } from './namespace.ts';
import type { RunningProgram } from './running-program.ts';

const PROGRAM = fileURLToPath(new URL('../../bin/muster.mjs', import.meta.url));
const KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIDE newcomer@desk';
const ENTER = '\r';
const DOWN = '\u001B[B';
/** Of the ordinary user that a Muster with few rights runs as. */
const SERVICE_GROUP = 65_534;
/** A site file is applied some tenths of a second after the box. */
const LONGER_THAN_IT_TAKES_MS = 1_500;

describeInNamespace('a newcomer', () => {
  let segment: Segment;
  let folder: string;
  let environment: Readonly<Record<string, string>>;
  let built: MusterInNamespace;

  beforeAll(async () => {
    segment = await Segment.make();
    folder = mkdtempSync(join(tmpdir(), 'muster-newcomer-'));
    mkdirSync(join(folder, '.ssh'));
    writeFileSync(join(folder, '.ssh/id_ed25519.pub'), `${KEY}\n`);
    mkdirSync(join(folder, 'iso'));
    writeFileSync(join(folder, 'iso/debian.iso'), '');
    environment = {
      HOME: folder,
      MUSTER_DATA_FOLDER: join(folder, 'data'),
      LC_ALL: 'C.UTF-8',
      TERM: 'xterm',
      SUDO_USER: '',
    };
    // It builds the program.
    built = new MusterInNamespace(segment.server);
  });
  afterAll(async () => {
    await built.close();
    await segment.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** In a terminal of its own. */
  function typed(command: string): RunningProgram {
    const line = `stty cols 100 rows 40; ${process.execPath} ${PROGRAM} ${command}`;
    return segment.server.start('script', ['-q', '-e', '-c', line, '/dev/null'], {
      env: environment,
      cwd: folder,
    });
  }

  async function answer(program: RunningProgram, question: RegExp, keys: string): Promise<void> {
    await program.waitFor(question);
    program.write(keys);
  }

  /** A virtual machine with nothing but a network card, until the timeline says what it boots. */
  async function bootedMachine(mac: string): Promise<string> {
    await segment.server.ip('tuntap add dev tap0 mode tap', 'link set tap0 master br0', 'link set tap0 up');
    const card = [
      '-netdev',
      'tap,id=n,ifname=tap0,script=no,downscript=no',
      '-device',
      `virtio-net-pci,netdev=n,mac=${mac}`,
    ];
    const qemu = segment.server.start('qemu-system-x86_64', [
      '-nodefaults',
      '-display',
      'none',
      '-m',
      '256',
      ...card,
    ]);
    const events = segment.server.start(process.execPath, [PROGRAM, 'events', '-f', mac], {
      env: environment,
    });
    const [line] = await events.waitFor(/^.* boot\.decided .*$/m, 60_000);
    await Promise.all([events.stop(), qemu.stop()]);
    return line;
  }

  test('answers five questions with Enter, starts the server with the line it is told, and a machine boots', async () => {
    const setup = typed('setup --settings-file my/muster.yaml');
    await answer(setup, /1\. Which network card[^]*br0 {2}192\.168\.122\.1/, ENTER);
    await answer(setup, /No other DHCP server answers there[^]*2\. Who gives/, ENTER);
    await answer(
      setup,
      /3\. Which addresses of 192\.168\.122\.0\/24[^]*192\.168\.122\.100-192\.168\.122\.200/,
      ENTER,
    );
    await answer(setup, /has debian\.iso[^]*4\. In which folder/, ENTER);
    await answer(setup, /5\. What is installed: in which time zone/, ENTER);
    await answer(setup, /How does root log in there[^]*id_ed25519\.pub/, ENTER);
    await answer(setup, /Write .*my\/muster\.yaml and .*my\/site\.yaml\?/, ENTER);
    const [, next = ''] = await setup.waitFor(/Next: muster (up --config \S+)/);
    expect((await setup.finished).code).toBe(0);
    expect(parse(readFileSync(join(folder, 'my/muster.yaml'), 'utf8'))).toEqual({
      interfaces: ['br0'],
      images: { folder: join(folder, 'iso') },
      site: { file: join(folder, 'my/site.yaml') },
    });

    const server = segment.server.start(process.execPath, [PROGRAM, ...next.split(' ')], {
      env: environment,
      cwd: folder,
    });
    await server.waitFor(/\+ subnet lan\n\+ group everybody\n/);
    const machine = await segment.plugIn('52:54:00:00:00:01');
    const udhcpc = new Udhcpc(machine);
    udhcpc.start();
    const { ip, siaddr } = await udhcpc.told('bound');
    expect(ip).toMatch(/^192\.168\.122\.1\d\d$/);
    // As the ROM of a BIOS machine does next.
    const loader = await machine.run('curl', [
      '-sS',
      `tftp://${siaddr ?? '192.168.122.1'}/pxelinux.0`,
      '-o',
      '/dev/null',
      '-w',
      '%{size_download}',
    ]);
    expect(Number(loader.stdout)).toBeGreaterThan(10_000);
    await udhcpc.close();
    expect(await bootedMachine('52:54:00:00:00:02')).toMatch(/ boot\.decided .*menu/);
    expect((await server.stop()).code).toBe(0);
  }, 120_000);

  test('Ctrl-C writes nothing', async () => {
    const setup = typed('setup --settings-file never/muster.yaml');
    await answer(setup, /1\. Which network card/, '\u0003');
    const { code, stdout } = await setup.finished;
    expect([code, stdout]).toEqual([1, expect.stringContaining('Nothing was written')]);
    expect(() => readFileSync(join(folder, 'never/muster.yaml'))).toThrow('ENOENT');
  }, 60_000);

  test('another DHCP server that answers is seen, and Muster is proposed beside it', async () => {
    const other = await segment.plugIn('52:54:00:00:00:0f');
    await other.ip('address add 192.168.122.254/24 dev eth0');
    const dnsmasq = other.start('dnsmasq', [
      '--keep-in-foreground',
      '--conf-file=/dev/null',
      '--port=0',
      '--no-ping',
      '--interface=eth0',
      '--dhcp-range=192.168.122.50,192.168.122.60',
      `--dhcp-leasefile=${join(folder, 'leases')}`,
      '--log-facility=-',
    ]);
    await dnsmasq.waitFor(/DHCP, IP range/);
    const told = await segment.server.run(process.execPath, [PROGRAM, 'setup', '--dry-run'], {
      env: environment,
      cwd: folder,
    });
    expect(told.stderr).toMatch(/br0: another DHCP server answers there: 192\.168\.122\.254/);
    expect(told.stdout).toContain('mode: proxy');
    await dnsmasq.stop();
  }, 60_000);

  test('a password is typed twice, and only its hash is written', async () => {
    const setup = typed('setup --settings-file two/muster.yaml --interface br0 --dhcp own --timezone UTC');
    await answer(setup, /3\. Which addresses/, ENTER);
    await answer(setup, /4\. In which folder/, ENTER);
    await answer(setup, /How does root log in/, `${DOWN}${ENTER}`);
    await answer(setup, /The password of root/, `open sesame${ENTER}`);
    await answer(setup, /The same again/, `open sesame${ENTER}`);
    await answer(setup, /Write /, ENTER);
    expect((await setup.finished).code).toBe(0);
    const site = readFileSync(join(folder, 'two/site.yaml'), 'utf8');
    expect(site).toMatch(/root_password_hash: \$6\$/);
    expect(`${site}${setup.stdout}`).not.toContain('open sesame');
  }, 60_000);

  test('the service takes what root wrote by itself, and once more only after somebody changed it', async () => {
    const service = new MusterInNamespace(segment.server, { capabilities: ['net_bind_service', 'net_raw'] });
    // As packaging/ leaves a computer, for this namespace alone: the user of the service has a group.
    const groups = join(service.folder, 'group');
    writeFileSync(groups, `${readFileSync('/etc/group', 'utf8')}muster:x:${SERVICE_GROUP}:\n`);
    await segment.server.run('mount', ['--bind', groups, '/etc/group']);
    const { settingsFile } = service;
    const set = await service.tryRun('setup', '-y', '--settings-file', settingsFile, '--dhcp', 'own');
    expect(set, set.stderr).toMatchObject({ code: 0 });
    const subnet = async () => await service.run<object>('subnet', 'show', 'lan');

    await service.up();
    await service.program.waitFor(/\+ subnet lan\n\+ group everybody\n/);
    await service.run('subnet', 'set', 'lan', '--domain', 'by-hand.example');
    await service.program.stop();

    await service.up();
    await sleep(LONGER_THAN_IT_TAKES_MS);
    expect(await subnet()).toMatchObject({ domainName: 'by-hand.example' });
    await service.program.stop();

    const site = join(service.folder, 'site.yaml');
    const text = readFileSync(site, 'utf8');
    writeFileSync(site, text.replace('mode: full', 'mode: full\n    domainName: by-file.example'));
    await service.up();
    await service.program.waitFor(/~ subnet lan: domainName\n/);
    expect(await subnet()).toMatchObject({ domainName: 'by-file.example' });
    await service.close();
  }, 60_000);
});
