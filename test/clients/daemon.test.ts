import { writeFileSync } from 'node:fs';
import { availableParallelism, getPriority } from 'node:os';
import { afterAll, beforeAll, describe, expect, test, type TestContext } from 'vitest';
import { threadsOf } from '../../src/os/suite/threads-of.ts';
import {
  CLASSIC_SUBNET,
  EVENT_WAIT,
  MusterInNamespace,
  type MusterOptions,
  Segment,
} from './muster-in-namespace.ts';
import { describeInNamespace } from './namespace.ts';

const NO_DOORS = {
  MUSTER_DHCP_PORT: 'off',
  MUSTER_TFTP_PORT: 'off',
  MUSTER_MACHINE_HTTP_PORT: 'off',
  MUSTER_FTP_PORT: 'off',
  MUSTER_NFS_PORT: 'off',
  MUSTER_SYSLOG_PORT: 'off',
  MUSTER_API_PORT: 'off',
};
/** One line, and nothing else. */
const line = (text: RegExp) => expect.stringMatching(new RegExp(`^muster: ${text.source}\\n$`));

describeInNamespace('muster up', () => {
  let segment: Segment;
  let muster: MusterInNamespace;
  let firstBox: string;

  beforeAll(async () => {
    segment = await Segment.make();
    muster = new MusterInNamespace(segment.server);
    firstBox = await muster.up();
    await muster.run('subnet', 'add', 'lab', ...CLASSIC_SUBNET);
  });
  afterAll(async () => {
    await muster.close();
    await segment.close();
  });

  /** Another one in the same namespace, until the end of the test. */
  const another = ({ onTestFinished }: TestContext, options: MusterOptions): MusterInNamespace => {
    const other = new MusterInNamespace(segment.server, options);
    onTestFinished(() => other.close());
    return other;
  };

  test('draws its box within 20 s, hands out nothing by itself, stops in order, and goes on', async () => {
    expect(firstBox).toContain('br0 192.168.122.1/24 (it was asked for');
    expect(firstBox).toContain(
      'off: no subnet is configured for 192.168.122.0/24, so nobody gets an address:',
    );
    expect(firstBox).toContain('no other DHCP server answered within 2 s');
    expect(firstBox).toContain('machines http://192.168.122.1:8080');
    expect(firstBox).toContain('TFTP port 69');
    expect(firstBox).toContain('API http://127.0.0.1:8067');
    expect(firstBox).toMatch(/loaders pxelinux\.0, ldlinux\.c32,/);
    // Those for UEFI are in packages that a test does not install.
    expect(firstBox).not.toMatch(/missing:[^;]*(?:pxelinux|\.c32|memdisk)/);
    const { pid } = muster.program;
    expect(await muster.program.stop('SIGTERM')).toMatchObject({ code: 0, signal: undefined });
    expect(() => process.kill(pid, 0)).toThrow('ESRCH');

    expect(await muster.up()).toContain(
      'full: subnet lab gives 192.168.122.100 to 192.168.122.200 (0 reserved)',
    );
    await expect.poll(() => muster.told('server.started').length, EVENT_WAIT).toBe(2);
    expect(muster.told('server.stopped')).toHaveLength(1);
  });

  test('its threads that look for garbage go behind those that answer, where there are processors for both', () => {
    const [main, ...others] = threadsOf(muster.program.pid);
    const lowered = others.filter(({ niceness }) => niceness > main.niceness);
    expect(main.niceness).toBe(getPriority());
    expect(lowered).toHaveLength(availableParallelism() > 1 ? 5 : 0);
    expect(others.filter(({ niceness }) => niceness < main.niceness)).toEqual([]);
  });

  describe.concurrent('beside one that runs', () => {
    for (const [port, setting, protocol] of [
      [67, 'DHCP_PORT', 'UDP'],
      [69, 'TFTP_PORT', 'UDP'],
      [8080, 'MACHINE_HTTP_PORT', 'TCP'],
      [8067, 'API_PORT', 'TCP'],
    ] as const) {
      test(`says who has ${protocol} port ${port}`, async (context) => {
        const settings = { ...NO_DOORS, [`MUSTER_${setting}`]: String(port) };
        const { code, stderr } = await another(context, { settings }).start().finished;
        expect({ code, stderr }).toEqual({
          code: 1,
          stderr: line(
            new RegExp(`${protocol} port ${port} is taken by .* \\(pid ${muster.program.pid}\\): .*`),
          ),
        });
      });
    }

    test('serves without FTP and NFS where their ports are taken, and says so in its box', async (context) => {
      const settings = { ...NO_DOORS, MUSTER_FTP_PORT: '21', MUSTER_NFS_PORT: '2049' };
      const box = await another(context, { settings }).up();
      for (const [name, port] of [
        ['FTP', 21],
        ['NFS', 2049],
      ] as const)
        expect(box).toMatch(
          new RegExp(`${name} not served: TCP port ${port} is taken by .* \\(pid ${muster.program.pid}\\)`),
        );
    });

    test('leaves its data folder alone', async (context) => {
      const data = `${muster.folder}/data`;
      const settings = { ...NO_DOORS, MUSTER_DATA_FOLDER: data };
      const { code, stderr } = await another(context, { settings }).start().finished;
      expect({ code, stderr }).toEqual({
        code: 1,
        stderr: line(new RegExp(`Another Muster runs with the data folder ${data}: stop it, or .*`)),
      });
    });
  });

  describe.concurrent('a command', () => {
    for (const [what, words, code, says] of [
      [
        'with a range outside of its network',
        ['subnet', 'add', 'far', '--network', '10.1.0.0/24', '--range', '10.2.0.10-10.2.0.20'],
        78,
        /Range 10\.2\.0\.10-10\.2\.0\.20 does not fit: 10\.2\.0\.10 is outside of 10\.1\.0\.0\/24/,
      ],
      [
        'with a network that overlaps another',
        ['subnet', 'add', 'twin', '--network', '192.168.122.128/25'],
        78,
        /Subnets twin \(192\.168\.122\.128\/25\) and lab \(192\.168\.122\.0\/24\) overlap: .*/,
      ],
      ['without what it needs', ['subnet', 'add', 'nameless'], 2, /Which network\? Say it with --network.*/],
      ['with a range that is none', ['subnet', 'set', 'lab', '--range', 'all'], 2, /.*all[^]*/],
      ['that there is not', ['conjure'], 2, /unknown command 'conjure'[^]*/],
      [
        'for a server that is not there',
        ['--server', 'http://127.0.0.1:9', 'subnet', 'ls'],
        69,
        /Cannot reach Muster at http:\/\/127\.0\.0\.1:9: is `muster up` running\?.*/,
      ],
      ['for what is not there', ['subnet', 'show', 'nowhere'], 1, /.*nowhere.*/],
    ] as const) {
      test(`${what} ends with ${code}`, async () => {
        const { stderr, ...rest } = await muster.tryRun(...words);
        expect({ ...rest, stderr }).toMatchObject({ code, stdout: '', stderr: line(says) });
      });
    }
  });

  test('what was refused has changed nothing', async () => {
    const subnets = await muster.run<readonly unknown[]>('subnet', 'ls');
    expect(subnets).toHaveLength(1);
    expect(subnets).toMatchObject([{ name: 'lab', ranges: [{ first: '192.168.122.100' }] }]);
  });

  describe.concurrent('with settings that cannot be used', () => {
    for (const [what, text, says] of [
      [
        'a slip of the pen',
        'tftp:\n  rood: /srv/tftp\n',
        /\S+muster\.yaml:2:3: there is no setting "tftp\.rood": there are .*/,
      ],
      ['a value', 'dhcp:\n  port: 70000\n', /\S+muster\.yaml:2:9: dhcp\.port: 70000 is not a port: .*/],
      ['what is no YAML', 'interfaces: [br0\n', /\S+muster\.yaml:\d+:\d+: .*/],
    ] as const) {
      test(`says file, line and column of ${what}`, async (context) => {
        const other = another(context, { settings: NO_DOORS });
        writeFileSync(other.settingsFile, text);
        expect(await other.start().finished).toMatchObject({ code: 78, stderr: line(says) });
      });
    }

    test('names the variable', async (context) => {
      const other = another(context, { settings: { ...NO_DOORS, MUSTER_API_ADDRESS: 'everywhere' } });
      expect(await other.start().finished).toMatchObject({
        code: 78,
        stderr: line(/MUSTER_API_ADDRESS: api\.address: "everywhere" is no IP address: .*/),
      });
    });
  });

  describe.concurrent('without the right to', () => {
    for (const [what, settings, says] of [
      [
        'serve DHCP',
        { MUSTER_DHCP_PORT: '67' },
        /Cannot listen on UDP port 67, this user may not: run Muster as root, or with .*/,
      ],
      [
        'serve TFTP',
        { MUSTER_TFTP_PORT: '69' },
        /Cannot listen on UDP port 69, this user may not: run Muster as root, or with .*/,
      ],
      [
        'its data folder',
        { MUSTER_DATA_FOLDER: '/sys/muster' },
        /Cannot make the data folder \/sys\/muster \(.*\): .*/,
      ],
    ] as const) {
      test(`${what} it says so`, async (context) => {
        const other = another(context, { settings: { ...NO_DOORS, ...settings }, capabilities: [] });
        const { code, stderr } = await other.start().finished;
        expect({ code, stderr }).toEqual({ code: 77, stderr: line(says) });
      });
    }
  });

  test('without loaders it says which are missing and how to get them', async () => {
    await muster.program.stop();
    for (const folder of ['/usr/lib/PXELINUX', '/usr/lib/syslinux'])
      await segment.server.run('mount', ['-t', 'tmpfs', 'tmpfs', folder]);
    const box = await muster.up();
    expect(box).toContain('missing: pxelinux.0, ldlinux.c32');
    expect(box).toMatch(/to install them: .*(muster loaders install|pxelinux)/);
    const fetched = await segment.server.tryRun('curl', ['-sS', `tftp://192.168.122.1/pxelinux.0`]);
    expect(fetched).toMatchObject({ code: 68, stdout: '' });
    await expect
      .poll(() => muster.told('tftp.refused'), EVENT_WAIT)
      .toMatchObject([
        {
          because: expect.stringMatching(
            /the loader pxelinux\.0 is not installed on this server: muster loaders install$/,
          ),
        },
      ]);
  });
});
