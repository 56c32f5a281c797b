import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { EVENT_WAIT, MusterInNamespace, Segment } from './muster-in-namespace.ts';
import { describeInNamespace } from './namespace.ts';
import type { Finished, RunningProgram } from './running-program.ts';
import { IPMI_PORT, IpmiSimulator } from './suite/ipmi-simulator.ts';

/** The whole program switches machines on and off: a BMC over TLS, ipmi_sim by the real ipmitool, sockets that wake. */

const PASSWORD = 'sesam-open';
const MAC = '52:54:00:12:34:56';
const SECURE_ON = '11:22:33:44:55:66';
/** ipmitool asks one that is not there for 18 s (-N 2 -R 3, 1.8.19). */
const ABSENT_BMC_MS = 45_000;
const BMC_PORT = 8443;
const BMC = `https://127.0.0.1:${BMC_PORT}`;

describeInNamespace('power', () => {
  let segment: Segment;
  let muster: MusterInNamespace;
  let folder: string;
  const inFolder = (name: string): string => join(folder, name);
  const keep = (name: string, text: string): string => {
    writeFileSync(inFolder(name), text, { mode: 0o600 });
    return inFolder(name);
  };

  beforeAll(async () => {
    segment = await Segment.make();
    await segment.server.ip(
      'link add br1 type bridge',
      'address add 192.168.123.1/24 dev br1',
      'link set br1 up',
    );
    folder = mkdtempSync(join(tmpdir(), 'muster-power-'));
    mkdirSync(inFolder('commands'), { mode: 0o755 });
    keep('password', `${PASSWORD}\n`);
    muster = new MusterInNamespace(segment.server, {
      settings: { MUSTER_INTERFACES: 'br0,br1', MUSTER_COMMANDS_FOLDER: inFolder('commands') },
    });
    await muster.up();
    await muster.run('machine', 'add', 'web1', '--mac', MAC);
  });
  afterAll(async () => {
    expect(muster.program.stderr, 'the log').not.toContain(PASSWORD);
    await muster.close();
    await segment.close();
    rmSync(folder, { recursive: true });
  });

  const set = async (...words: readonly string[]): Promise<Finished> =>
    await muster.tryRun('power', 'set', 'web1', ...words);
  const withPassword = (): readonly string[] => ['--password-file', inFolder('password')];

  describe('by Redfish over TLS', () => {
    let bmc: RunningProgram;
    let fingerprint: string;
    const redfish = (): readonly string[] => [
      '--driver=redfish',
      `--url=${BMC}`,
      '--user=root',
      ...withPassword(),
    ];

    beforeAll(async () => {
      const subject = ['-subj', '/CN=bmc', '-addext', 'subjectAltName=IP:127.0.0.1'];
      const [key, certificate] = [inFolder('bmc.key'), inFolder('bmc.pem')];
      const words = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
      await segment.server.run('openssl', [...words, '-keyout', key, '-out', certificate, ...subject]);
      const showing = ['x509', '-noout', '-fingerprint', '-sha256', '-in', certificate];
      const shown = await segment.server.run('openssl', showing);
      fingerprint = shown.stdout.trim().replace(/^.*=/, '');
      const child = 'test/clients/redfish-emulator-child.ts';
      bmc = segment.server.startScript(child, [String(BMC_PORT), key, certificate, inFolder('password')]);
      await bmc.waitFor(/listening/);
    });
    afterAll(() => bmc.stop());

    for (const [title, trust, because] of [
      [
        'that signed its certificate itself',
        [],
        /is not trusted: it signed its certificate itself; pin it with/,
      ],
      [
        'with another certificate than the pinned one',
        ['--certificate-sha256', 'ab'.repeat(32)],
        /another certificate than the one that is trusted: its SHA-256 is [\da-f]{64}/,
      ],
    ] as const) {
      test(`a BMC ${title} is given no byte of a request`, async () => {
        await set(...redfish(), ...trust);
        const heard = bmc.stdout.length;
        const { code, stderr } = await muster.tryRun('power', 'on', 'web1');
        expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringMatching(because) });
        expect(bmc.stdout.slice(heard)).toBe('');
      });
    }

    for (const [title, trust] of [
      ['whose certificate is pinned', () => ['--certificate-sha256', fingerprint]],
      ['whose authority is named', () => ['--ca-file', inFolder('bmc.pem')]],
      ['that is trusted whoever it is', () => ['--insecure-tls']],
    ] as const) {
      test(`a BMC ${title} switches its machine off and on`, async () => {
        expect(await set(...redfish(), ...trust())).toMatchObject({ code: 0 });
        await muster.run('power', 'on', 'web1');
        expect(await muster.run('power', 'status', 'web1')).toMatchObject([{ machine: 'web1', state: 'on' }]);
        await muster.run('power', 'off', 'web1');
        expect(await muster.run('machine', 'show', 'web1')).toMatchObject({
          power: { driver: 'redfish', state: 'off' },
        });
      });
    }

    test('a machine boots from the network, once, and no session is left behind', async () => {
      const done = await muster.run('power', 'boot-network', 'web1');
      expect(done).toMatchObject([{ did: ['pxe-next', 'on'], wanted: 'on', state: 'on' }]);
      await bmc.waitFor(/state On Once Pxe, 0 sessions/);
      await expect
        .poll(() => muster.told('power.done').at(-1), EVENT_WAIT)
        .toMatchObject({
          text: 'Power of web1: boot-network was done by redfish',
          machine: 'web1',
        });
    });

    test('the password is in no answer and no event', async () => {
      const shown = await muster.tryRun('power', 'show', 'web1', '-o', 'json');
      const listed = await muster.tryRun('power', 'ls', '-o', 'json');
      const events = await muster.tryRun('events', '-o', 'json');
      expect(JSON.parse(shown.stdout)).toMatchObject({ secret: 'kept', settings: { user: 'root' } });
      expect(shown.stdout + listed.stdout + events.stdout).not.toContain(PASSWORD);
    });

    test('sushy, a Redfish client of others, takes what plays the BMC here for one', async () => {
      await muster.run('power', 'off', 'web1');
      const script = 'test/clients/suite/sushy-drive.py';
      const { stdout } = await segment.server.run('/usr/bin/python3', [
        script,
        BMC,
        PASSWORD,
        inFolder('bmc.pem'),
      ]);
      expect(stdout.trim().split('\n')).toEqual([
        "before Off ['ForceOff', 'ForceRestart', 'GracefulShutdown', 'Nmi', 'On', 'PowerCycle']",
        'after On Pxe Once',
      ]);
    });
  });

  describe('by IPMI', () => {
    let bmc: IpmiSimulator;
    const ipmi = (...more: readonly string[]): readonly string[] => [
      '--driver=ipmi',
      '--host=127.0.0.1',
      `--port=${IPMI_PORT}`,
      '--user=operator',
      ...withPassword(),
      ...more,
    ];

    beforeAll(async () => {
      mkdirSync(inFolder('ipmi'));
      bmc = IpmiSimulator.start(segment.server, inFolder('ipmi'), PASSWORD);
      await set(...ipmi('--cipher-suite', '3'));
      // It does not say when it listens.
      for (let tries = 0; (await muster.tryRun('power', 'status', 'web1')).code !== 0; tries += 1)
        expect(tries, 'ipmi_sim does not answer').toBeLessThan(5);
    });
    afterAll(() => bmc.close());

    test('a machine is switched on, cycled, reset and off, and read each time', async () => {
      for (const [action, did, power] of [
        ['on', ['on'], '1'],
        ['on', [], '1'],
        ['cycle', ['cycle'], '1'],
        ['reset', ['reset'], '1'],
        ['off', ['off'], '0'],
        ['cycle', ['on'], '1'],
      ] as const) {
        expect(await muster.run('power', action, 'web1'), action).toMatchObject([{ did }]);
        expect(bmc.power, action).toBe(power);
      }
      expect(bmc.told).toContain('reset 1');
    });

    test('its next boot is one from the network', async () => {
      await muster.run('power', 'pxe-next', 'web1');
      expect(bmc.boot).toBe('pxe');
    });

    test('the password is on no command line while ipmitool runs', async () => {
      // Asked for its cipher suites, the simulator keeps ipmitool waiting for 10 s.
      await set(...ipmi());
      const asking = muster.tryRun('power', 'status', 'web1');
      await expect
        .poll(() => commandLines().filter((line) => line.includes('ipmitool')), EVENT_WAIT)
        .not.toEqual([]);
      const lines = commandLines();
      expect(lines.filter((line) => line.includes('ipmitool')).join()).toContain('-E');
      expect(lines.filter((line) => line.includes(PASSWORD))).toEqual([]);
      expect(await asking).toMatchObject({ code: 0, stdout: expect.stringMatching(/web1\s+ipmi\s+on/) });
    });

    test('a wrong password and an absent BMC are told apart', async () => {
      const wrong = keep('wrong', 'not-it\n');
      await set(...ipmi('--cipher-suite', '3'), '--password-file', wrong);
      const refused = await muster.tryRun('power', 'on', 'web1');
      expect(refused).toMatchObject({ code: 1, stderr: expect.stringMatching(/RAKP 2 HMAC is invalid/) });
      expect(await muster.run('power', 'show', 'web1')).toMatchObject({ trouble: { kind: 'login' } });
      await set(...ipmi('--cipher-suite', '3'), '--port', '9');
      const absent = await muster.tryRunFor(ABSENT_BMC_MS, 'power', 'on', 'web1');
      expect(absent).toMatchObject({ code: 1, stderr: expect.stringMatching(/Unable to establish IPMI/) });
      expect(await muster.run('power', 'show', 'web1')).toMatchObject({ trouble: { kind: 'unreachable' } });
    });
  });

  test('by wake-on-LAN a sleeping card hears the packet on each segment, and a far one by its address', async () => {
    const near = await segment.plugIn(MAC);
    await near.ip('address add 192.168.122.50/24 dev eth0');
    const hears = (port: number, name: string): void =>
      void near.start('socat', ['-u', `UDP4-RECV:${port}`, `OPEN:${inFolder(name)},creat,append`]);
    hears(9, 'broadcast');
    hears(40_009, 'unicast');
    const packet = Buffer.from(
      `${'ff'.repeat(6)}${MAC.replaceAll(':', '').repeat(16)}${SECURE_ON.replaceAll(':', '')}`,
      'hex',
    );
    const secret = keep('secure-on', `${SECURE_ON}\n`);
    const heard = (name: string): string => {
      const bytes = readdirSync(folder).includes(name) ? readFileSync(inFolder(name)) : Buffer.alloc(0);
      return bytes.subarray(0, packet.length).toString('hex');
    };
    for (const [name, words] of [
      ['broadcast', []],
      ['unicast', ['--port', '40009', '--to', '192.168.122.50']],
    ] as const) {
      expect(await set('--driver', 'wol', ...words, '--password-file', secret)).toMatchObject({ code: 0 });
      await expect
        .poll(async () => {
          const { code } = await muster.tryRun('power', 'on', 'web1');
          return code === 0 && heard(name);
        }, EVENT_WAIT)
        .toBe(packet.toString('hex'));
    }
    const { code, stderr } = await muster.tryRun('power', 'off', 'web1');
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringMatching(/by its driver it cannot be switched off/),
    });
  });

  describe('by a program of the own folder', () => {
    const program = (text: string): string => {
      const path = inFolder('commands/switch');
      writeFileSync(path, `#!/bin/sh\n${text}\n`);
      chmodSync(path, 0o755);
      return path;
    };

    test('it is told everything in its environment, and its words are read by no shell', async () => {
      program(
        `env >${inFolder('seen')}; printf '%s\\n' "$@" >>${inFolder('seen')}; [ $MUSTER_ACTION != status ] || echo off`,
      );
      await set('--driver', 'command', ...withPassword(), '--', 'switch', 'rack a; reboot', '$(id)');
      await muster.tryRun('power', 'pxe-next', 'web1');
      const seen = readFileSync(inFolder('seen'), 'utf8').split('\n');
      expect(seen).toEqual(
        expect.arrayContaining([
          'MUSTER_MACHINE=web1',
          `MUSTER_MACS=${MAC}`,
          `MUSTER_SECRET=${PASSWORD}`,
          'rack a; reboot',
          '$(id)',
        ]),
      );
      expect(seen.filter((line) => /^(?:MUSTER_DATA_FOLDER|HOME)=/.test(line))).toEqual([]);
    });

    for (const [title, text, because] of [
      ['that fails', 'echo "the PDU is off line" >&2; exit 7', /switch ended with 7: the PDU is off line/],
      [
        'that does not know an action',
        '[ $MUSTER_ACTION = status ] && echo on && exit; exit 3',
        /does not know "off"/,
      ],
    ] as const) {
      test(`of one ${title} the reason is told`, async () => {
        program(text);
        const { code, stderr } = await muster.tryRun('power', 'off', 'web1');
        expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringMatching(because) });
      });
    }

    test('a wave has the machine whose turn it is boot from the network, and gives up what cannot be switched', async () => {
      const tree = inFolder('centos');
      mkdirSync(join(tree, 'images/pxeboot'), { recursive: true });
      const files = 'kernel = images/pxeboot/vmlinuz\ninitrd = images/pxeboot/initrd.img\n';
      const about = `[general]\nfamily = CentOS\nversion = 7\narch = x86_64\n[images-x86_64]\n${files}`;
      writeFileSync(join(tree, '.treeinfo'), about);
      for (const name of ['vmlinuz', 'initrd.img']) writeFileSync(join(tree, 'images/pxeboot', name), name);
      await muster.run('image', 'add', tree, '--name', 'centos');
      await muster.run('profile', 'set', 'office', '--image', 'centos');
      const wave = async (machine: string): Promise<void> => {
        const budget = ['--profile', 'office', '--power', '--jitter', '0'];
        await muster.run('wave', 'start', `of-${machine}`, machine, ...budget);
      };
      const log = inFolder('wave-actions');
      program(`[ $MUSTER_ACTION = status ] && echo off || echo $MUSTER_ACTION >>${log}`);
      await wave('web1');
      await expect
        .poll(
          () => (readdirSync(folder).includes('wave-actions') ? readFileSync(log, 'utf8') : ''),
          EVENT_WAIT,
        )
        .toBe('pxe-next\non\n');
      program('echo "no such outlet" >&2; exit 1');
      await muster.run('machine', 'add', 'web2', '--mac', '52:54:00:12:34:57');
      await muster.run('power', 'set', 'web2', '--driver', 'command', '--', 'switch');
      await wave('web2');
      await expect
        // The action of web1 may still be at its end, and fail too.
        .poll(() => muster.told('wave.machineFailed').find(({ machine }) => machine === 'web2'), EVENT_WAIT)
        .toMatchObject({ because: expect.stringContaining('no such outlet') });
    });

    test('one that others may write is not run', async () => {
      const path = program(`touch ${inFolder('was-run')}`);
      chmodSync(path, 0o777);
      // The wave's own action may still be at its end.
      await expect
        .poll(async () => (await muster.tryRun('power', 'off', 'web1')).stderr, EVENT_WAIT)
        .toMatch(/can be written by others than its owner: chmod go-w/);
      expect(readdirSync(folder)).not.toContain('was-run');
    });
  });
});

/** Of every process of this computer. */
function commandLines(): readonly string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        return [readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')];
      } catch {
        return [];
      }
    });
}
