import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { renderSample, TEMPLATE_SAMPLES, type TemplateSample } from '../suite/template-samples.ts';
import { scriptsOf } from '../suite/scripts-of.ts';

const of = (
  kind: TemplateSample['kind'],
  beside: 'beside' | 'answer' = 'answer',
): readonly TemplateSample[] =>
  TEMPLATE_SAMPLES.filter(
    (sample) => sample.kind === kind && (sample.beside !== undefined) === (beside === 'beside'),
  );

/** Scripts of what an installer is given, by sample; data that is in base64 among them. */
const SCRIPTS = TEMPLATE_SAMPLES.flatMap((sample) =>
  scriptsOf(sample, renderSample(sample)).map((script) => ({ name: sample.name, kind: sample.kind, script })),
);

describe('every script in an answer file', () => {
  test('is found', () => {
    const withScripts = new Set(SCRIPTS.map(({ kind }) => kind));
    expect([...withScripts].sort()).toEqual([
      'agama',
      'alpine',
      'autoinstall',
      'autoyast',
      'esxi',
      'ignition',
      'script',
    ]);
  });

  // Python is asked in test/clients, where it is sure to be.
  for (const { name, script } of SCRIPTS.filter((one) => one.script.shell !== 'python3')) {
    test(`${name}: ${script.name} can be read by a shell`, () => {
      const { stderr, status } = spawnSync(script.shell, script.check, {
        input: script.text,
        encoding: 'utf8',
      });
      expect(stderr).toBe('');
      expect(status).toBe(0);
    });
  }
});

describe('one disk alone is named to the installer, and the others are nowhere', () => {
  for (const [name, count, place] of [
    ['ubuntu-24.04-full.user-data', 1, /match: \{path: "@MUSTER_DISK@"\}/g],
    ['leap-15.6-full.xml', 1, /<device>@MUSTER_DISK@<\/device>/g],
    ['sles-16.0-full.json', 1, /"search": "@MUSTER_DISK@"/g],
    ['alpine-3.22-full.answers', 1, /^DISKOPTS="-m sys .*@MUSTER_DISK@"$/gm],
    ['proxmox-ve-9.0-full.toml', 1, /^disk-list = \["nvme0n1"\]$/gm],
    [
      'esxi-7.0-full.cfg',
      1,
      /^install --disk=\/vmfs\/devices\/disks\/mpx\.vmhba0:C0:T0:L0 --overwritevmfs$/gm,
    ],
  ] as const) {
    test(name, () => {
      const sample = TEMPLATE_SAMPLES.find((one) => one.name === name);
      const text = sample === undefined ? '' : renderSample(sample);
      expect(text.match(place)).toHaveLength(count);
      expect(text.replaceAll(/\/dev\/(?:disk|console|null|system)\b\S*/g, '')).not.toMatch(/\/dev\/[a-z]/);
    });
  }

  test('is looked for first, and the installer held when it is not there', () => {
    const holding = SCRIPTS.filter(({ script }) => script.text.includes('while :; do sleep 60; done'));
    const kinds = new Set(holding.map(({ kind }) => kind));
    expect([...kinds].sort()).toEqual(['agama', 'alpine', 'autoinstall', 'autoyast', 'ignition', 'script']);
    for (const { script } of holding) {
      const held = script.text.indexOf('while :; do sleep 60; done');
      const first = script.text.search(
        /wipefs|mkfs|coreos-installer install|flatcar-install|setup-alpine -e|sed .*MUSTER_DISK/,
      );
      expect(held).toBeGreaterThan(0);
      expect(first).toBeGreaterThan(held);
    }
  });
});

describe('every installer reports that it has started, the disk, more than one step and its end', () => {
  for (const kind of ['autoinstall', 'autoyast', 'agama', 'ignition', 'alpine', 'script'] as const) {
    test(kind, () => {
      const [smallest] = of(kind);
      const texts = SCRIPTS.filter((one) => one.kind === kind).map(({ script }) => script.text);
      const text = [...texts, smallest === undefined ? '' : renderSample(smallest)].join('\n');
      for (const event of ['started', 'progress "step=disk+', 'failed', 'finished']) {
        expect(text).toMatch(new RegExp(`report ${event.replaceAll('+', String.raw`\+`)}`));
      }
      const steps = new Set(
        [...text.matchAll(/report progress ['"]step=([a-z+]+)/g)].map(([, step]) => step),
      );
      expect(steps.size).toBeGreaterThanOrEqual(2);
    });
  }
});

describe("Ubuntu's answers", () => {
  for (const sample of of('autoinstall')) {
    test(`${sample.name} begin as a configuration of cloud-init, and end with a reboot`, () => {
      const text = renderSample(sample);
      expect(text.startsWith('#cloud-config\n')).toBe(true);
      const { autoinstall } = parse(text) as { autoinstall: Record<string, unknown> };
      expect(autoinstall).toMatchObject({ version: 1, shutdown: 'reboot' });
      expect(autoinstall['interactive-sections']).toBeUndefined();
      expect('identity' in autoinstall).toBe(!('user-data' in autoinstall));
    });
  }
});

/** Whether keys stand in the file itself, and not only in the answer file beside it. */
function takesKeys({ beside }: TemplateSample): boolean {
  return beside === undefined;
}

describe('a text of a person cannot leave its place', () => {
  const WORST = `'"]]>\`$(reboot)\\ <x>&amp;{{ 1 }} %s # ; | --`;
  for (const sample of [
    ...of('autoinstall'),
    ...of('autoyast'),
    ...of('agama'),
    ...of('ignition'),
    ...of('script'),
  ]) {
    test(sample.name, () => {
      const variables = {
        ...sample.variables,
        user: 'anna',
        root_ssh_keys: `ssh-ed25519 AAAA ${WORST}`,
        user_ssh_keys: `ssh-ed25519 AAAA ${WORST}`,
        post_commands: `echo '${WORST}'`.replace(`'"`, '"'),
        post_script: `#!/bin/sh\ncat << 'END'\n${WORST}\nEND`,
      };
      const worst = { ...sample, variables };
      let keys = 0;
      const text = renderSample(worst);
      if (sample.kind === 'agama' || sample.kind === 'ignition') JSON.parse(text);
      if (sample.kind === 'autoinstall') {
        const { autoinstall } = parse(text) as { autoinstall: { ssh: Record<string, unknown> } };
        expect(autoinstall.ssh['authorized-keys']).toEqual([variables.user_ssh_keys]);
        keys += 1;
      }
      for (const { shell, check, text: script } of scriptsOf(worst, text)) {
        expect(spawnSync(shell, check, { input: script, encoding: 'utf8' }).stderr).toBe('');
        // What the shell makes of the quoted key is the key.
        for (const [, command = ''] of script.matchAll(
          /^ *(printf '%s\\n' 'ssh-.*) >> .*authorized_keys"?$/gm,
        )) {
          const { stdout } = spawnSync('sh', ['-c', command], { encoding: 'utf8' });
          expect(stdout).toBe(`ssh-ed25519 AAAA ${WORST}\n`);
          keys += 1;
        }
      }
      expect(keys).toBe(sample.kind === 'ignition' || !takesKeys(sample) ? 0 : 2);
    });
  }
});
