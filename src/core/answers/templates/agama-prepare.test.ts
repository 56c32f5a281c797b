import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { renderSample, sampleNamed } from '../suite/template-samples.ts';

/** The script that Agama runs first, on a folder that stands for its live system. */
let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'muster-prepare-'));
  for (const folder of ['bin', 'dev', 'products.d', 'sys/block'])
    mkdirSync(join(root, folder), { recursive: true });
  program('udevadm', '');
  program('systemd-run', 'echo "$@" > "$ROOT/unit"');
  program('sleep', 'exit 1');
  // Gives the profile; what is reported is written down.
  program(
    'curl',
    'for word; do case $before in -o) file=$word;; --data) echo "$word" >> "$ROOT/told";; esac; before=$word; done\n' +
      'case $before in */agama) cp "$ROOT/template.json" "$file";; *facts.sh) exit 22;; esac',
  );
  writeFileSync(
    join(root, 'template.json'),
    '{"product": {"id": "@MUSTER_PRODUCT@"}, "disk": "@MUSTER_DISK@"}\n',
  );
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function program(name: string, script: string): void {
  writeFileSync(join(root, 'bin', name), `#!/bin/sh\n${script}\n`);
  chmodSync(join(root, 'bin', name), 0o755);
}

/** Each product of the medium by the file it stands in. */
function prepare(
  title: string,
  products: Readonly<Record<string, string>>,
  variables: Readonly<Record<string, string>> = {},
): string {
  for (const [file, text] of Object.entries(products)) writeFileSync(join(root, 'products.d', file), text);
  const sample = { ...sampleNamed('leap-16.0-prepare.sh'), title, variables: { disk: 'vda', ...variables } };
  const text = renderSample(sample)
    .replaceAll('/run/muster', join(root, 'run'))
    .replaceAll('/usr/share/agama/products.d', join(root, 'products.d'))
    .replaceAll(/\/(?:dev|sys)\/(?!null|console)/g, (path) => join(root, path))
    .replaceAll('[ ! -b ', '[ ! -e ')
    .replaceAll('while :; do sleep 60; done', 'while sleep 60; do :; done; exit 9');
  const { status } = spawnSync('sh', ['-s'], {
    input: text,
    env: { PATH: `${join(root, 'bin')}:${process.env['PATH'] ?? ''}`, ROOT: root },
  });
  return String(status);
}

const LEAP = { 'leap_160.yaml': 'id: Leap_16.0\nname: Leap\n' };
const ALL = {
  ...LEAP,
  'leap_micro_62.yaml': 'id: Leap_Micro_6.2\n',
  'a_microos.yaml': 'id: "MicroOS"\n',
  'tumbleweed.yaml': "id: 'Tumbleweed'\n",
  'sles_160.yaml': 'id: SLES\n',
  'sles_sap_160.yaml': 'id: SLES_SAP\n',
};

for (const [title, products, product] of [
  ['openSUSE Leap 16.0', LEAP, 'Leap_16.0'],
  ['openSUSE Leap 16.0', ALL, 'Leap_16.0'],
  ['openSUSE Leap 16.1', { 'x.yaml': 'id: openSUSE_Leap\n' }, 'openSUSE_Leap'],
  ['openSUSE Leap Micro 6.2', ALL, 'Leap_Micro_6.2'],
  ['openSUSE Tumbleweed', ALL, 'Tumbleweed'],
  ['SUSE Linux Enterprise Server 16.0', ALL, 'SLES'],
  ['SUSE Linux Enterprise Server for SAP applications 16.0', ALL, 'SLES_SAP'],
  ['Something new', { 'b.yaml': 'id: Other\n', 'c.yaml': 'id: Third\n' }, 'Other'],
] as const) {
  test(`of a medium of ${title} with ${Object.keys(products).length} products it takes ${product}`, () => {
    writeFileSync(join(root, 'dev/vda'), '');
    mkdirSync(join(root, 'sys/block/vda'));
    expect(prepare(title, products)).toBe('0');
    expect(JSON.parse(readFileSync(join(root, 'run/profile.json'), 'utf8'))).toMatchObject({
      product: { id: product },
      disk: expect.stringContaining('vda'),
    });
    expect(readFileSync(join(root, 'unit'), 'utf8')).toContain('--unit=muster-watch');
    expect(readFileSync(join(root, 'told'), 'utf8')).toContain('step=answer+file');
  });
}

describe('a fixed address is given to the card', () => {
  const fixed = { address: '192.168.122.50', gateway: '192.168.122.1' };
  beforeEach(() => {
    writeFileSync(join(root, 'dev/vda'), '');
    mkdirSync(join(root, 'sys/block/vda'));
    for (const [name, mac] of [
      ['enp1s0', '52:54:00:00:00:01'],
      ['enp2s0', '52:54:00:12:34:56'],
    ] as const) {
      mkdirSync(join(root, 'sys/class/net', name, 'device'), { recursive: true });
      writeFileSync(join(root, 'sys/class/net', name, 'address'), `${mac}\n`);
    }
    const profile = { network: { connections: [{ interface: '@MUSTER_CARD@' }] } };
    writeFileSync(join(root, 'template.json'), JSON.stringify(profile));
  });

  test('that has the address of the machine, by its name', () => {
    expect(prepare('openSUSE Leap 16.0', LEAP, fixed)).toBe('0');
    expect(JSON.parse(readFileSync(join(root, 'run/profile.json'), 'utf8'))).toEqual({
      network: { connections: [{ interface: 'enp2s0' }] },
    });
  });

  test('and where it is not there, it fetches nothing, says so and holds', () => {
    expect(prepare('openSUSE Leap 16.0', LEAP, { ...fixed, interface: '52:54:00:ff:ff:ff' })).toBe('9');
    expect(readFileSync(join(root, 'told'), 'utf8')).toContain('There+is+no+network+card+52%3A54');
    expect(existsSync(join(root, 'run/profile.json'))).toBe(false);
  });
});

test('a partition is no disk', () => {
  writeFileSync(join(root, 'dev/vda'), '');
  expect(prepare('openSUSE Leap 16.0', LEAP)).toBe('9');
  expect(readFileSync(join(root, 'told'), 'utf8')).toContain('There+is+no+disk+vda+in+this+machine');
});

test('without the disk it fetches nothing, says so and holds', () => {
  expect(prepare('openSUSE Leap 16.0', LEAP)).toBe('9');
  expect(readFileSync(join(root, 'told'), 'utf8')).toContain('There+is+no+disk+vda+in+this+machine');
  expect(existsSync(join(root, 'run/profile.json'))).toBe(false);
});
