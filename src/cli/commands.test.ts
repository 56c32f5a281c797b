import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { listenApi, type ListeningApi } from '../api/listen-api.ts';
import { type ApiWorld, openApiWorld, START_MS } from '../api/suite/api-world.ts';
import { parseIpv4, parseMac } from '../lib/addresses.ts';
import { EXIT } from './exit-codes.ts';
import { type CliResult, runCaptured } from './suite/captured-terminal.ts';
import type { Terminal } from './terminal.ts';

/** Commands against a real API on a real port, in the order of a day. */

let world: ApiWorld;
let api: ListeningApi;
let folder: string;
beforeAll(async () => {
  process.env['TZ'] = 'UTC';
  world = await openApiWorld();
  api = await listenApi(world.needs, { address: '127.0.0.1', port: 0 });
  folder = await mkdtemp(join(tmpdir(), 'muster-cli-'));
  await writeFile(join(folder, 'ks.j2'), 'url --url={{ urls.tree }}\n# {{ machine.name }}, {{ role }}\n');
});
afterAll(async () => {
  await api.close();
  expect(world.mistakes).toEqual([]);
  await world.close();
  await rm(folder, { recursive: true });
});

async function muster(line: string, change: Partial<Terminal> = {}): Promise<CliResult> {
  const words = line.split(' ').filter((word) => word !== '');
  return await runCaptured(words, {
    environment: { MUSTER_SERVER: api.url },
    workingFolder: folder,
    ...change,
  });
}

/** One command line, its exit code, and what it writes. */
async function expectRun(
  line: string,
  exitCode: number,
  written: { out?: string | RegExp; err?: string | RegExp },
): Promise<void> {
  const result = await muster(line);
  expect(result.exitCode, `${line}: ${result.err}`).toBe(exitCode);
  for (const stream of ['out', 'err'] as const) {
    const expected = written[stream] ?? '';
    if (typeof expected === 'string') expect(result[stream], line).toBe(expected);
    else expect(result[stream], line).toMatch(expected);
  }
}

describe('subnets', () => {
  test('the classic configuration is one command', async () => {
    await expectRun(
      'subnet add lab --network 192.168.122.0/24 --range 192.168.122.100-192.168.122.200 --router 192.168.122.1 --dns 192.168.122.1,9.9.9.9 --domain lab.example --lease-time 21600 --max-lease-time 12h --next-server 192.168.122.1 --filename pxelinux.0 --option ntp-servers=192.168.122.1 --reserve 525400123456=192.168.122.10=web1',
      EXIT.ok,
      { err: 'Subnet lab is there: 192.168.122.0/24, giving out 192.168.122.100-192.168.122.200\n' },
    );
    await expectRun(
      'subnet add hall --network 192.168.123.0/24 --range 192.168.123.100-192.168.123.200 --mode auto',
      EXIT.ok,
      {
        err: 'Subnet hall is there: 192.168.123.0/24, giving out 192.168.123.100-192.168.123.200 while no other DHCP server does (auto)\n',
      },
    );
    await expectRun('subnet rm hall -y', EXIT.ok, { err: /./ });
    await expectRun('subnet show lab -o yaml', EXIT.ok, { out: /^name: lab\n/ });
    expect(parse((await muster('subnet show lab -o yaml')).out)).toEqual({
      name: 'lab',
      network: '192.168.122.0/24',
      mode: 'full',
      ranges: [{ first: '192.168.122.100', last: '192.168.122.200' }],
      reservations: [{ mac: '52:54:00:12:34:56', address: '192.168.122.10', hostname: 'web1' }],
      routers: ['192.168.122.1'],
      dnsServers: ['192.168.122.1', '9.9.9.9'],
      domainName: 'lab.example',
      defaultLeaseSeconds: 21_600,
      maxLeaseSeconds: 43_200,
      nextServer: '192.168.122.1',
      bootFile: 'pxelinux.0',
      options: [{ option: 'ntp-servers', value: '192.168.122.1' }],
    });
    await expectRun('subnet ls', EXIT.ok, {
      out: 'NAME  NETWORK           MODE  RANGES                           ROUTERS        LEASE  RESERVED\nlab   192.168.122.0/24  full  192.168.122.100-192.168.122.200  192.168.122.1  6h     1\n',
    });
  });

  test('adding it again is refused, and changes nothing', async () => {
    await expectRun('subnet add lab --network 10.0.0.0/8', EXIT.failed, {
      err: 'muster: There is a subnet "lab" already: change it with muster subnet set\n',
    });
    await expectRun('subnet ls -o name', EXIT.ok, { out: 'lab\n' });
  });

  test('set changes what is named, by any name of an option, and leaves the rest', async () => {
    await expectRun(
      'subnet set lab --domain= --option 42=192.168.122.2 --reserve 020000000001=192.168.122.11 --unreserve 52-54-00-12-34-56 -o name',
      EXIT.ok,
      { out: 'lab\n' },
    );
    const { domainName, ...subnet } = JSON.parse((await muster('subnet show lab -o json')).out) as Record<
      string,
      unknown
    >;
    expect(domainName).toBeUndefined();
    expect(subnet).toMatchObject({
      options: [{ option: 'ntp-servers', value: '192.168.122.2' }],
      reservations: [{ mac: '02:00:00:00:00:01', address: '192.168.122.11' }],
      routers: ['192.168.122.1'],
      bootFile: 'pxelinux.0',
    });
  });

  test('rules for its clients are set one by one, and shown where they are not as by default', async () => {
    await expectRun(
      'subnet set lab --shared-network hall --identity relay-port --bootp dynamic --rapid-commit --no-conflict-probe --min-lease-time 90 --renew-at 40 --rebind-at 75.5 --reserve-port eth0/7@rack1=192.168.122.12=seven --reserve-port 0x00FF=192.168.122.13',
      EXIT.ok,
      { err: /^Subnet lab is changed/ },
    );
    await expectRun(
      'subnet set lab --unreserve-port 0x00ff --lease-time infinite --max-lease-time infinite',
      EXIT.ok,
      { err: /changed/ },
    );
    const { out } = await muster('subnet show lab');
    for (const line of [
      'lease time      infinite, at most infinite',
      'shortest lease  90s',
      'renewal         40 % of the lease',
      'rebinding       75.5 % of the lease',
      'shared network  hall',
      'identity        relay-port',
      'BOOTP           dynamic',
      'rapid commit    on',
      'conflict probe  off',
      'ports           eth0/7@rack1 192.168.122.12 seven',
    ])
      expect(out.split('\n')).toContain(line);
    await expectRun('subnet set lab --shared-network= --lease-time 6h --max-lease-time 12h', EXIT.ok, {
      err: /changed/,
    });
    expect((await muster('subnet show lab')).out).not.toContain('shared network');
  });

  for (const [line, exitCode, err] of [
    ['subnet set lab --identity card', EXIT.usage, /Allowed choices are mac, relay-port/],
    ['subnet set lab --renew-at soon', EXIT.usage, /in per cent is wanted/],
    ['subnet set lab --renew-at 90', EXIT.badConfiguration, /the first comes before the second/],
    ['subnet set lab --reserve-port a@b@c=192.168.122.14', EXIT.usage, /"a@b@c" is not a port/],
    [
      'subnet set lab --reserve-port 0x0=192.168.122.14',
      EXIT.badConfiguration,
      /"0x0" is not the identifier of a port/,
    ],
    ['subnet add hall', EXIT.usage, /^muster: Which network\? Say it with --network/],
    [
      'subnet add hall --network 10.0.0.1/8',
      EXIT.usage,
      /has host bits: the network of that size is 10\.0\.0\.0\/8/,
    ],
    ['subnet add hall --network 10.0.0.0/8 --range 10.0.0.9', EXIT.usage, /is not a range/],
    ['subnet add Hall --network 10.0.0.0/8', EXIT.usage, /^muster: Name: lower-case letters/],
    ['subnet add hall --network 10.0.0.0/8 --mode sometimes', EXIT.usage, /full, proxy, auto, off/],
    ['subnet add hall --network 192.168.0.0/16', EXIT.badConfiguration, /overlap/],
    ['subnet set lab --range 10.0.0.1-10.0.0.9', EXIT.badConfiguration, /does not fit/],
    ['subnet set lab --option 54=1.2.3.4', EXIT.badConfiguration, /address of this server/],
    ['subnet set lab --option nonsense=1', EXIT.badConfiguration, /There is no option "nonsense"/],
    ['subnet set hall --mode off', EXIT.failed, /^muster: There is no subnet "hall"\n$/],
    ['subnet show', EXIT.usage, /missing required argument 'name'/],
    ['subnet ls -o xml', EXIT.usage, /Allowed choices are table, json, yaml, name/],
    ['subnet lss', EXIT.usage, /unknown command 'lss'.*Did you mean ls/s],
    ['lease ls --subnet hall', EXIT.failed, /no subnet "hall"/],
  ] as const) {
    test(`${line}: exit ${exitCode}`, async () => {
      await expectRun(line, exitCode, { err });
    });
  }
});

describe('machines', () => {
  test('are made known, changed and shown', async () => {
    await expectRun(
      'machine add web1 --mac 52-54-00-12-34-56 --label rack=a --label old=1 --var rack=3 --var role=web',
      EXIT.ok,
      {
        err: 'Machine web1 is known by 52:54:00:12:34:56\n',
      },
    );
    await expectRun(
      'machine set web1 --unset-label old --var role=db --unset-var rack --uuid 4C4C4544-0044-4810-8031-B4C04F564231',
      EXIT.ok,
      { err: 'Machine web1 is changed\n' },
    );
    await expectRun('machine show 525400123456', EXIT.ok, {
      out: 'name           web1\nid             m-000000000001\nMAC addresses  52:54:00:12:34:56\nUUID           4c4c4544-0044-4810-8031-b4c04f564231\nserial number\nasset tag\nport\nlabels         rack=a\nvariables      role=db\nloader         any\nsource         auto\nmemory         not known\nmemory check   on\npower          not set: muster power set says how it is reached\nknown since    2026-11-23 13:00:00\ngroups         none\nprofile        none: web1 is in no group\n',
    });
    await expectRun('machine set web1 --memory 2G --memory-check off --source nfs', EXIT.ok, {
      err: 'Machine web1 is changed\n',
    });
    await expectRun('machine show web1', EXIT.ok, {
      out: /source +nfs\nmemory +2048 MiB\nmemory check +off\n/,
      err: '',
    });
    await expectRun('machine set web1 --memory lots', EXIT.usage, { err: /amount of memory is wanted/ });
    await expectRun('machine set web1 --memory unknown --memory-check on --source auto', EXIT.ok, {
      err: 'Machine web1 is changed\n',
    });
    await expectRun('machine set web1 --uuid= -o name', EXIT.ok, { out: 'web1\n' });
    await expectRun('machine ls', EXIT.ok, {
      out: /^NAME +ID +STATE +MACS +POWER +UUID +LABELS +VARIABLES\nweb1 .*  rack=a +role\n$/,
    });
    await expectRun('machine ls -l rack,rack!=b -o name', EXIT.ok, { out: 'web1\n' });
    expect(JSON.parse((await muster('machine ls -o json')).out)).toEqual([
      {
        id: 'm-000000000001',
        name: 'web1',
        macs: ['52:54:00:12:34:56'],
        labels: { rack: 'a' },
        variables: { role: 'db' },
        createdAt: '2026-11-23T13:00:00.000Z',
      },
    ]);
  });

  for (const [line, exitCode, err] of [
    ['machine add web2', EXIT.usage, /MAC addresses with --mac, or its --uuid, --serial/],
    ['machine add web2 --mac 5254', EXIT.usage, /"5254" is not a MAC address/],
    ['machine add web_2 --mac 525400000002', EXIT.usage, /a host name is wanted/],
    ['machine add web2 --mac 525400123456', EXIT.failed, /52:54:00:12:34:56/],
    ['machine show web9', EXIT.failed, /no machine "web9"/],
    [
      'machine set web1 --label -x=1',
      EXIT.usage,
      /Labels.-x: "-x" cannot be a name here: "-x" is not the key/,
    ],
    ['machine set web1 --label x=-1', EXIT.usage, /Labels.x: "-1" is not the value of a label/],
    ['machine ls -l rack=b', EXIT.ok, /^No machine has labels such as rack=b\n/],
    ['machine ls --selector=', EXIT.ok, /the selector is empty, and an empty one chooses no machine\n/],
    ['machine ls -l rack=a,', EXIT.failed, /^muster: Selector, column 8: the end is there, and the key/],
    ['machine rm web1', EXIT.usage, /^muster: Nothing was done: there is no terminal to ask on/],
  ] as const) {
    test(`${line}: exit ${exitCode}`, async () => {
      await expectRun(line, exitCode, { err });
    });
  }
});

describe('power', () => {
  test('is set, used and shown, and its secret is in nothing that is written', async () => {
    await writeFile(join(folder, 'secret'), 'sesam\n');
    await expectRun('power set web1 --driver command --password-file secret -- switch --outlet 7', EXIT.ok, {
      err: 'The power of web1 is reached by command: muster power status web1 tries it\n',
    });
    await expectRun('power status web1', EXIT.ok, {
      out: /^MACHINE +DRIVER +STATE +READ +TROUBLE\nweb1 +command +off +\S+\n$/,
    });
    await expectRun('power boot-network web1', EXIT.ok, {
      out: /^MACHINE +STATE +DONE\nweb1 +on +pxe-next, on\n$/,
    });
    await expectRun('power on -l rack=a', EXIT.ok, { out: /web1 +on +it is on already\n$/ });
    await expectRun('power show web1', EXIT.ok, {
      out: /argv +switch --outlet 7\nsecret +kept\nstate +on, read at 2026-11-23 13:00:00\n/,
    });
    await expectRun('machine show web1', EXIT.ok, {
      out: /power +on, read at 2026-11-23 13:00:00 \(command\)\n/,
    });
    const all = await Promise.all(
      ['power ls -o json', 'power show web1 -o yaml', 'machine ls -o json'].map((line) => muster(line)),
    );
    expect(all.map(({ out }) => out).join('')).not.toContain('sesam');
  });

  test('of several machines does what it can, and says each "no"', async () => {
    const { exitCode, out, err } = await muster('power cycle web1 web8 web9');
    expect({ exitCode, out, err }).toEqual({
      exitCode: EXIT.failed,
      out: expect.stringMatching(/^MACHINE +STATE +DONE\nweb1 +on +cycle\n$/),
      err: 'muster: There is no machine "web8"\nmuster: There is no machine "web9". Did you mean "web1"? Which there are: muster machine ls\n',
    });
  });

  for (const [line, exitCode, err] of [
    ['power on', EXIT.usage, /Which machines\? Name them, or say their labels with --selector/],
    ['power on web1 -l rack=a', EXIT.usage, /Which machines\?/],
    ['power on -l rack=zz', EXIT.failed, /No machine has labels such as rack=zz/],
    ['power reset web1 -l', EXIT.usage, /argument missing/],
    [
      'power set web1',
      EXIT.usage,
      /By which driver\? Say it with --driver: wol, redfish, ipmi, command, webhook/,
    ],
    ['power set web1 --driver wol --url https://b', EXIT.usage, /Driver wol has no --url/],
    ['power set web1 --driver wol -- switch', EXIT.usage, /Driver wol runs no program: "switch" is too much/],
    ['power set web1 --driver redfish --user root', EXIT.usage, /Say it with --url/],
    ['power set web1 --driver command', EXIT.usage, /Which program\? Write it and its arguments behind --/],
    [
      'power set web1 --driver ipmi --host b --user u --password-file no',
      EXIT.usage,
      /Cannot read the file no with the secret/,
    ],
    ['power set web1 --driver ipmi --host b --user u', EXIT.badConfiguration, /Driver ipmi needs a secret/],
    ['power show web9', EXIT.failed, /There is no machine "web9"/],
  ] as const) {
    test(`${line} ends with ${exitCode}`, async () => {
      await expectRun(line, exitCode, { err });
    });
  }

  test('what is not there on this computer is a warning of the status', async () => {
    await expectRun('power set web1 --driver command -- no-such-program', EXIT.ok, { err: /./ });
    await expectRun('power on web1', EXIT.failed, {
      err: /there is no program .*\/commands\/no-such-program \(ENOENT\)/,
    });
    await expectRun('status', EXIT.ok, { out: /power: there is no program .*no-such-program/ });
  });

  test('is forgotten', async () => {
    await expectRun('power rm web1 -y', EXIT.ok, { err: 'How the power of web1 is reached is forgotten\n' });
    await expectRun('power ls', EXIT.ok, { err: 'No power is set: muster power set MACHINE says it\n' });
  });
});

describe('hooks', () => {
  test('are added, changed, tried and shown', async () => {
    await writeFile(join(folder, 'key'), 'a-key-that-nobody-guesses\n');
    await expectRun(
      'hook add chat --events install.*,power.failed --url http://127.0.0.1:9/x --secret-file key',
      EXIT.ok,
      {
        err: 'Hook chat is told of install.*, power.failed: muster hook test chat tries it\n',
      },
    );
    await expectRun('hook add talk --events * -l rack=a -- say hello', EXIT.ok, {
      err: /^Hook talk is told of \*/,
    });
    await expectRun('hook ls', EXIT.ok, {
      out: /^NAME +MODE +EVENTS +MACHINES +TELLS\nchat +on +install\.\*, power\.failed +all +http:\/\/127\.0\.0\.1:9\/x\ntalk +on +\* +rack=a +say hello\n$/,
    });
    await expectRun('hook test talk', EXIT.ok, {
      out: 'hello hook.test\n',
      err: 'Hook talk was told: ended with 0\n',
    });
    await expectRun('hook test chat', EXIT.failed, { err: /Hook chat was not told: .*ECONNREFUSED/ });
    await expectRun('hook set chat --off --events power.*', EXIT.ok, { err: 'Hook chat is off\n' });
    await expectRun('hook set talk --all-machines', EXIT.ok, { err: 'Hook talk is on\n' });
    await expectRun('hook show chat', EXIT.ok, {
      out: /mode +off\nevents +power\.\*\nmachines +all, and events of no machine\n.*\nkey +kept\n/,
    });
    await expectRun('hook deliveries chat', EXIT.ok, { err: /Nothing was delivered yet/ });
    expect((await muster('hook ls -o json')).out).not.toContain('a-key-that');
  });

  for (const [line, exitCode, err] of [
    ['hook add x --url http://h/', EXIT.usage, /Told of what\? Say the kinds of events with --events/],
    ['hook add x --events *', EXIT.usage, /Who is told\? Say it with --url, or write a program behind --/],
    ['hook add x --events * --url http://h/ -- say', EXIT.usage, /A server or a program\?/],
    [
      'hook add x --events * --url http://h/',
      EXIT.badConfiguration,
      /A key of at least 16 characters .* --secret-file gives it/,
    ],
    ['hook add x --events instal.* -- say', EXIT.badConfiguration, /fits no kind of event/],
    ['hook add chat --events * -- say', EXIT.failed, /There is a hook "chat" already/],
    ['hook set chat', EXIT.usage, /What shall change\?/],
    ['hook set chat --on --off', EXIT.usage, /On or off\?/],
    ['hook rm none -y', EXIT.failed, /There is no hook "none"/],
  ] as const) {
    test(`${line} ends with ${exitCode}`, async () => {
      await expectRun(line, exitCode, { err });
    });
  }

  test('are taken away', async () => {
    for (const name of ['chat', 'talk'])
      await expectRun(`hook rm ${name} -y`, EXIT.ok, { err: `Hook ${name} is gone\n` });
    await expectRun('hook ls', EXIT.ok, { err: 'There is no hook: muster hook add NAME makes one\n' });
  });
});

describe('leases', () => {
  test('show what the client calls itself, without obeying it', async () => {
    await world.stores.leases.claim(
      {
        address: parseIpv4('192.168.122.100'),
        subnet: 'lab',
        clientKey: 'key',
        mac: parseMac('525400123456'),
        hostname: '\u001B]0;owned\u0007',
        state: 'held',
        startedAtMs: START_MS,
        expiresAtMs: START_MS + 3_600_000,
      },
      START_MS,
    );
    await expectRun('lease ls', EXIT.ok, {
      out: [
        'ADDRESS          SUBNET  STATE  MAC                MACHINE  HOSTNAME             EXPIRES\n',
        '192.168.122.100  lab     held   52:54:00:12:34:56  web1     \\u{1b}]0;owned\\u{7}  2026-11-23 14:00:00\n',
      ].join(''),
    });
    await expectRun('lease ls --subnet lab -o name', EXIT.ok, { out: '192.168.122.100\n' });
  });

  test('are found by state and card, shown, and freed', async () => {
    const mac = parseMac('525400000102');
    const lease = { address: parseIpv4('192.168.122.102'), subnet: 'lab', clientKey: `mac:${mac}`, mac };
    await world.stores.leases.claim(
      { ...lease, state: 'held', startedAtMs: START_MS, expiresAtMs: START_MS + 3_600_000 },
      START_MS,
    );
    await expectRun('lease ls --state held --mac 52-54-00-00-01-02 --limit 5 -o name', EXIT.ok, {
      out: '192.168.122.102\n',
    });
    await expectRun('lease ls --state declined', EXIT.ok, { err: 'There is no such lease\n' });
    await expectRun('lease show 192.168.122.102', EXIT.ok, { out: /\nMAC address +52:54:00:00:01:02\n/ });
    await expectRun('lease rm 192.168.122.102 --yes', EXIT.ok, { err: '192.168.122.102 is free\n' });
    await expectRun('lease rm 192.168.122.102 --yes', EXIT.failed, { err: /is free already/ });
    await expectRun('lease show 192.168.122.7', EXIT.failed, {
      err: /there is no lease of "192.168.122.7"/i,
    });
  });
});

describe('mirrors', () => {
  test('one is added, shown without its password, changed and taken away', async () => {
    await expectRun('mirror ls', EXIT.ok, {
      err: 'There is no mirror: muster mirror add NAME URL makes one\n',
    });
    await expectRun(
      'mirror add debian http://me:secret@127.0.0.1:9/debian --kind debian --max-size 2G',
      EXIT.ok,
      {
        err: /^Mirror debian is there: machines find it at \/mirrors\/debian\//,
      },
    );
    await expectRun('mirror show debian', EXIT.ok, {
      out: /\nupstream +http:\/\/127.0.0.1:9\/debian\/\n[^]*\nkept +0 files, 0 B of at most 2 GB\n/,
    });
    await expectRun('mirror add debian http://other/', EXIT.failed, {
      err: /there is a mirror "debian" already/i,
    });
    await expectRun('mirror add ftp ftp://host/', EXIT.failed, { err: /only http and https are fetched/ });
    await expectRun('mirror add small http://host/ --max-size 1M', EXIT.failed, {
      err: /too few for a mirror/,
    });
    await expectRun('mirror refresh debian', EXIT.ok, { err: /there is none to refresh\n$/ });
    await expectRun('mirror set debian --offline', EXIT.ok, {
      err: 'Mirror debian is offline, and keeps at most 2 GB\n',
    });
    await expectRun('mirror refresh debian', EXIT.failed, { err: /is set offline/ });
    await expectRun('mirror rm debian --yes', EXIT.ok, { err: 'Mirror debian is gone\n' });
  });
});

describe('images and profiles', () => {
  test('a folder beside the user becomes an image', async () => {
    await expectRun(`image add ${world.tree}/../centos`, EXIT.ok, {
      err: /^Image centos-7 is there: CentOS 7 x86_64, its installer reads kickstart\n/,
    });
    await expectRun('image ls -o name', EXIT.ok, { out: 'centos-7\n' });
    await expectRun('image show centos-7', EXIT.ok, { out: /\nkernel +images\/pxeboot\/vmlinuz\n/ });
    await expectRun('image tree centos-7 --depth 3', EXIT.ok, {
      out: / {11}images\/\n {13}pxeboot\/\n {6}6 B {6}initrd.img\n {6}6 B {6}vmlinuz\n/,
    });
    await expectRun('image tree centos-7 images/pxeboot/vmlinuz -o name', EXIT.ok, {
      out: 'vmlinuz\n',
    });
    await expectRun('image cat centos-7 images/pxeboot/vmlinuz', EXIT.ok, { out: 'kernel' });
    await expectRun('image cat centos-7 ../system', EXIT.failed, { err: /never followed/ });
    await expectRun('image check centos-7 --force', EXIT.ok, { err: /boot it whatever comes of that/ });
    await expectRun('image add ftp://a/x.iso', EXIT.failed, { err: /only http and https are loaded from/ });
    await expectRun('image add nonsense', EXIT.failed, {
      err: /there is no folder and no disc image ".*\/nonsense"/i,
    });
  });

  test('a profile is made and changed by one command', async () => {
    await expectRun(
      'profile set plain --image centos-7 --template ks.j2 --args quiet --var role=web',
      EXIT.ok,
      {
        err: 'Profile plain installs centos-7\n',
      },
    );
    await expectRun('profile render plain --machine web1 -q', EXIT.ok, {
      out: 'url --url=http://192.168.122.1:8080/images/centos-7\n# web1, db\n',
    });
    await expectRun('profile render web1 --profile plain -q', EXIT.ok, { out: /# web1, db\n$/ });
    await expectRun(
      'profile set plain --default-template --args= --var root_password_hash=$6$a$b -o json',
      EXIT.ok,
      {
        out: '{\n  "name": "plain",\n  "image": "centos-7",\n  "arguments": "",\n  "variables": {\n    "role": "web",\n    "root_password_hash": "$6$a$b"\n  }\n}\n',
      },
    );
    await expectRun('profile ls', EXIT.ok, {
      out: /^NAME   IMAGE     TEMPLATE  ARGUMENTS  VARIABLES\nplain  centos-7  Muster's {13}role, root_password_hash\n$/,
    });
  });

  test('a template may come from standard input', async () => {
    const { exitCode } = await muster('profile set piped --image centos-7 --template -', {
      readInput: async () => 'text\n',
    });
    expect(exitCode).toBe(EXIT.ok);
    await expectRun('profile render piped --machine web1 -q', EXIT.ok, { out: 'text\n' });
    await expectRun('profile show piped', EXIT.ok, { out: /template +its own, 2 lines; -o yaml shows it/ });
  });

  for (const [line, exitCode, err] of [
    ['profile set new', EXIT.usage, /say with --image what it installs/],
    ['profile set new --image none', EXIT.failed, /none/],
    ['profile set plain --template nonsense.j2', EXIT.failed, /Cannot read the template: ENOENT/],
    ['profile render web1 --profile none', EXIT.failed, /no profile "none"/],
    ['profile render plain --machine web1 --profile plain', EXIT.usage, /named twice/],
    ['profile render web9', EXIT.failed, /no machine "web9"/],
    ['image add /srv --as tape', EXIT.failed, /"tape" is no family: suse, .*, files are/],
  ] as const) {
    test(`${line}: exit ${exitCode}`, async () => {
      await expectRun(line, exitCode, { err });
    });
  }
});

describe('installs', () => {
  test('are armed by the shortest command, shown and cancelled', async () => {
    await expectRun('install web1 --profile plain', EXIT.ok, {
      err: /^Install i-000000000003 of profile plain is armed: web1 starts/,
    });
    await expectRun('install ls', EXIT.ok, {
      out: 'ID              MACHINE  PROFILE  STATE      FOR  TRY  PROGRESS  CHANGED              BECAUSE\ni-000000000003  web1     plain    requested  0 s  1/2            2026-11-23 13:00:00\n',
    });
    await expectRun('install web1 --profile plain', EXIT.failed, { err: /cancel it first/ });
    await expectRun('explain web1', EXIT.ok, {
      out: [
        'web1 boots the installer of profile plain',
        '  because install i-000000000003 of profile plain is requested',
        'Gets its tree over HTTP, the first of its ways that is open',
        'Its firmware (not seen yet, taken for x86 BIOS) is told to load pxelinux.0',
        '  because the subnet names it for every boot client; install i-000000000003 of profile plain is requested',
        '  rule: subnet boot file (--filename of the subnet)',
        '  chain: pxelinux.0, ldlinux.c32, pxelinux.cfg',
        `  from ${world.folder}/system/usr/lib/PXELINUX/pxelinux.0`,
        'Lease: 192.168.122.100 in subnet lab, held, until 14:00:00',
        'Install: i-000000000003 of profile plain is requested since 13:00:00, until 2026-11-24 13:00:00',
        'Groups: none',
        'Profile where none is named: none (web1 is in no group)',
        'Last decisions:',
        '  13:00:00  web1               install.requested     Install i-000000000003 of profile plain is armed for web1',
        '',
      ].join('\n'),
    });
    await expectRun('install cancel i-000000000003', EXIT.ok, {
      err: 'Install i-000000000003 is cancelled; web1 boots its own disk\n',
    });
    await expectRun('install cancel i-000000000003', EXIT.failed, {
      err: /is cancelled, so "cancelled" cannot happen now/,
    });
    await expectRun('install show i-000000000003 -o json', EXIT.ok, { out: /"state": "cancelled"/ });
    await expectRun('explain 020000000099', EXIT.ok, { out: /^020000000099 \(not known\) gets the menu\n/ });
  });

  test('end when they expire, and are shown until when they are armed', async () => {
    await expectRun('install web1 --profile plain --expires never -o name', EXIT.ok, { out: /^i-/ });
    const [forever] = await world.installs.list({ limit: 1 });
    await expectRun(`install show ${forever!.id}`, EXIT.ok, { out: /\ntry +1 of 2\nexpires +never\n/ });
    await expectRun(`install cancel ${forever!.id} -q`, EXIT.ok, {});
    await expectRun('install web1 --profile plain --expires 2h -q', EXIT.ok, {});
    const [short] = await world.installs.list({ limit: 1 });
    await expectRun(`install show ${short!.id}`, EXIT.ok, { out: /\nexpires +2026-11-23 15:00:00\n/ });
    await expectRun(`install cancel ${short!.id} -q`, EXIT.ok, {});
  });

  test('are armed for all that a selector chooses, or for none', async () => {
    await expectRun('machine add hall1 --mac 525400000031 --label hall=1 -q', EXIT.ok, {});
    await expectRun('machine add hall2 --mac 525400000032 --label hall=1 -q', EXIT.ok, {});
    await expectRun('install hall1 --profile plain -q', EXIT.ok, {});
    await expectRun('install -l hall=1 --profile plain', EXIT.failed, {
      err: /None is armed, since 1 of the machines cannot be: hall1: install i-\w+ of hall1 is requested/,
    });
    await expectRun('install -l hall=1 --profile plain --skip-refused -q', EXIT.ok, {
      out: /^ID[^]* hall2 /,
    });
    for (const { id } of await world.installs.listOpen())
      await expectRun(`install cancel ${id} -q`, EXIT.ok, {});
    await expectRun('install -l hall=1 --profile plain --limit 1', EXIT.ok, {
      out: /^ID[^\n]*\n[^\n]* hall1 [^\n]*\n$/,
      err: /^1 install armed/,
    });
    for (const { id } of await world.installs.listOpen())
      await expectRun(`install cancel ${id} -q`, EXIT.ok, {});
  });

  test('ask a person before they erase what Muster installed, whatever -y says', async () => {
    await expectRun('install hall1 --profile plain -q', EXIT.ok, {});
    const [first] = await world.installs.listOpen();
    await world.installs.happened(first!.id, 'bootOffered');
    await world.installs.happened(first!.id, 'finished');
    await expectRun('install hall1 --profile plain -y', EXIT.failed, {
      err: /The disk of hall1 holds data, .* profile plain was installed on it .*\. Nothing was armed; --erase has it erased/,
    });
    const questions: string[] = [];
    for (const [answer, exitCode] of [
      ['', EXIT.failed],
      ['yes', EXIT.ok],
    ] as const) {
      const ended = await muster('install hall1 --profile plain -y', {
        inIsTerminal: true,
        ask: async (question) => {
          questions.push(question);
          return answer;
        },
      });
      expect(ended.exitCode, answer).toBe(exitCode);
    }
    expect(questions).toEqual(
      Array(2).fill(expect.stringMatching(/^The disk of hall1 .*Erase it\? \[y\/N\] $/)),
    );
    for (const { id } of await world.installs.listOpen())
      await expectRun(`install cancel ${id} -q`, EXIT.ok, {});
    await expectRun('install hall1 --profile plain --erase -q', EXIT.ok, {});
    await expectRun('machine rm hall2 -yq', EXIT.ok, {});
    for (const { id } of await world.installs.listOpen())
      await expectRun(`install cancel ${id} -q`, EXIT.ok, {});
    await expectRun('machine rm hall1 -yq', EXIT.ok, {});
  });

  for (const [line, exitCode, err] of [
    ['install --profile plain', EXIT.usage, /Name one, or choose several with --selector/],
    ['install web1 -l a=b --profile plain', EXIT.usage, /Name one, or choose several with --selector/],
    ['install web1 --limit 3 --profile plain', EXIT.usage, /go with that/],
    ['install -l a=( --profile plain', EXIT.failed, /Selector, /],
    ['install -l hall=none --profile plain', EXIT.failed, /no machine has labels such as "hall=none"/i],
    ['install web1 --profile plain --expires soon', EXIT.usage, /length of time/],
    ['policy set --install-quiet 90s', EXIT.usage, /whole minutes are wanted/],
    ['install web1', EXIT.failed, /Web1 is in no group: say with which profile it is installed/],
    ['install -l rack=a', EXIT.failed, /web1: web1 is in no group: say with which profile it is installed/],
    ['install web9 --profile plain', EXIT.failed, /no machine "web9"/],
    ['install web1 --profile none', EXIT.failed, /no profile "none"/],
    ['install show i-9', EXIT.failed, /no install "i-9"/],
  ] as const) {
    test(`${line}: exit ${exitCode}`, async () => {
      await expectRun(line, exitCode, { err });
    });
  }
});

describe('waves', () => {
  test('are started, looked at, paused, resumed, cancelled and forgotten', async () => {
    await expectRun('wave start line web1 --profile plain --at-once 1', EXIT.ok, {
      err: 'Wave line is started for 1 machine: switch them on, who boots too early waits at a menu. Look at it with: muster wave show line\n',
    });
    await expectRun('wave ls', EXIT.ok, {
      out: 'NAME  STATE    PROFILE  AT ONCE  MACHINES   ENDS\nline  running  plain    1        1 waiting  not known\n',
    });
    await expectRun('explain web1', EXIT.ok, {
      out: /^web1 gets the waiting menu\n  because it waits for its turn in wave line, with 0 before it\n/,
    });
    await expectRun('wave start other web1 --profile plain', EXIT.failed, {
      err: /Machine web1 is in wave "line", which is not over/,
    });
    await expectRun('wave pause line --because lunch', EXIT.ok, {
      err: /is paused; muster wave resume line/,
    });
    await expectRun('wave show line', EXIT.ok, {
      out: /^name +line\nstate +paused: lunch\n[^]*web1 +waiting/,
    });
    await expectRun('wave resume line', EXIT.ok, { err: 'Wave line goes on\n' });
    await expectRun('wave rm line -y', EXIT.failed, { err: /is running: cancel it first/ });
    await expectRun('wave cancel line -y --installs', EXIT.ok, { err: 'Wave line is cancelled\n' });
    await expectRun('wave rm line -y', EXIT.ok, { err: 'Wave line is forgotten\n' });
    await expectRun('wave ls', EXIT.ok, { err: /There is no wave/ });
  });

  test('that would cut a machine that is on ask a person first, whatever -y says', async () => {
    await expectRun('power set web1 --driver command -q -- strip', EXIT.ok, {});
    const web = await world.stores.machines.byName('web1');
    const power = await world.stores.power.ofMachine(web!.id);
    await world.stores.power.saw(web!.id, power!.setAtMs, { state: 'on', atMs: START_MS });
    const line = 'wave start line web1 --profile plain --power -y';
    await expectRun(line, EXIT.failed, {
      err: /Web1 is on, and would be switched off in the middle of its work\. Nothing was armed; --erase has them installed all the same/,
    });
    const questions: string[] = [];
    const ended = await muster(line, {
      inIsTerminal: true,
      ask: async (question) => {
        questions.push(question);
        return 'no';
      },
    });
    expect(ended.exitCode).toBe(EXIT.failed);
    expect(questions).toEqual([expect.stringMatching(/web1 is on.*Install them all the same\? \[y\/N\] $/i)]);
    await expectRun('wave ls', EXIT.ok, { err: /There is no wave/ });
    await expectRun(`${line} --erase -q`, EXIT.ok, {});
    await expectRun('wave show line -o json', EXIT.ok, { out: /"confirmed": ?\[\s*"running"\s*\]/ });
    await expectRun('wave cancel line -yq', EXIT.ok, {});
    await expectRun('wave rm line -yq', EXIT.ok, {});
    await expectRun('power rm web1 -yq', EXIT.ok, {});
  });

  for (const [line, exitCode, err] of [
    ['wave start line web1', EXIT.usage, /Say it with --profile/],
    ['wave start line --profile plain', EXIT.usage, /Which machines\?/],
    ['wave start line -l rack= --profile plain', EXIT.failed, /No machine has labels such as rack=/],
    ['wave show none', EXIT.failed, /no wave "none"/],
  ] as const) {
    test(`${line}: exit ${exitCode}`, async () => {
      await expectRun(line, exitCode, { err });
    });
  }
});

describe('the server', () => {
  test('tells how it is, what holds, and which loaders it has', async () => {
    await expectRun('status', EXIT.ok, {
      out: /^version +1\.2\.3\n[^]*\nlistens +dhcp on 0\.0\.0\.0 port 67\n/,
    });
    await expectRun('policy set --install-attempts 3 --install-quiet never --install-expires 7d', EXIT.ok, {
      err: 'The policy is changed\n',
    });
    await expectRun('policy show', EXIT.ok, {
      out: /\ninstall tries +3\ninstalls expire +7d\ninstalls boot within +1h\ninstallers are silent for +never\n/,
    });
    await expectRun('policy set --unknown-machines ignore --menu-timeout 1m', EXIT.ok, {
      err: 'The policy is changed\n',
    });
    await expectRun('policy show', EXIT.ok, {
      out: /^unknown machines +are ignored\n[^]*\nmenu waits +1m\n/,
    });
    await expectRun('policy set', EXIT.usage, { err: /What shall change\?/ });
    await expectRun('policy set --menu-images none', EXIT.badConfiguration, {
      err: /"none", which is not there/,
    });
    await expectRun('policy set --menu-images centos-7 --no-authoritative -o name', EXIT.ok, {
      out: 'policy\n',
    });
    await expectRun('loaders', EXIT.ok, {
      out: /^NAME +FOUND[^]*\npxelinux\.0 +yes +\/[^]*\nldlinux\.c32 +no, and it is needed/,
      err: /muster loaders install/,
    });
  });
});

describe('what is taken away', () => {
  test('is asked for on a terminal, and kept unless the answer is yes', async () => {
    for (const [answer, exitCode] of [
      ['', EXIT.failed],
      ['no', EXIT.failed],
      ['yesterday', EXIT.failed],
      ['Y', EXIT.ok],
    ] as const) {
      const questions: string[] = [];
      const { exitCode: ended, err } = await muster('machine rm web1', {
        inIsTerminal: true,
        ask: async (question) => {
          questions.push(question);
          return answer;
        },
      });
      expect(questions).toEqual(['Forget machine web1 and its installs? [y/N] ']);
      expect(ended, answer).toBe(exitCode);
      expect(err).toBe(exitCode === EXIT.ok ? 'Machine web1 is forgotten\n' : 'muster: Nothing was done\n');
    }
  });

  test('goes without asking with -y, and in order of what uses what', async () => {
    await expectRun('image rm centos-7 -y', EXIT.failed, { err: /Profile "piped" uses it/ });
    await expectRun('profile rm plain -y -q', EXIT.ok, {});
    await expectRun('profile rm piped -yq', EXIT.ok, {});
    await expectRun('-y image rm centos-7', EXIT.ok, { err: /its folder is as it was/ });
    await expectRun('subnet rm lab --yes', EXIT.ok, { err: 'Subnet lab is gone\n' });
    await expectRun('subnet ls', EXIT.ok, { err: 'There is no subnet: muster subnet add makes one\n' });
  });
});
