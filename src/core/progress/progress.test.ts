import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decideProgress, type KnownProgress, LEAST_POINTS } from './decide-progress.ts';
import { ProgressReader } from './progress-reader.ts';
import { orderOf, percentAt, readStep, STEP_NAMES, STEPS } from './steps.ts';
import { stepsTaken } from './steps-taken.ts';
import { failureOfReporting, progressOfReporting, reportingLine } from './subiquity.ts';

test('every step begins behind the one before it, and the last is the end', () => {
  const begins = STEP_NAMES.map((name) => STEPS[name].from);
  expect(begins).toEqual(begins.toSorted((one, other) => one - other));
  expect(new Set(begins).size).toBe(begins.length);
  expect([begins[0], begins.at(-1)]).toEqual([0, 100]);
});

for (const [step, part, percent] of [
  ['packages', 0, 35],
  ['packages', 120 / 450, 47],
  ['packages', 1, 82],
  ['packages', 7, 82],
  ['installed', 0.5, 100],
] as const) {
  test(`${part} of "${step}" is ${percent} % of the way`, () => expect(percentAt(step, part)).toBe(percent));
}

for (const [words, name, rest] of [
  ['disk', 'disk', ''],
  ['disk sda', 'disk', 'sda'],
  ['base system: extracting', 'base system', 'extracting'],
  ['diskless', undefined, 'diskless'],
  ['fetching the tree', undefined, 'fetching the tree'],
] as const) {
  test(`"${words}" is read as ${name ?? 'a step of its own'}`, () =>
    expect(readStep(words)).toEqual({ name, rest }));
}

describe('whether what an installer says is news', () => {
  for (const [what, known, said, expected] of [
    ['the first step', {}, { step: 'disk' }, { tell: true, step: 'disk', percent: 12 }],
    [
      'a step that comes later',
      { step: 'disk', percent: 12 },
      { step: 'packages' },
      { tell: true, step: 'packages', percent: 35 },
    ],
    ['the same step told twice', { step: 'disk', percent: 12 }, { step: 'disk' }, undefined],
    ['a step that came earlier', { step: 'packages', percent: 40 }, { step: 'disk sda' }, undefined],
    ['four points more', { step: 'packages', percent: 40 }, { step: 'packages', percent: 44 }, undefined],
    [
      'five points more',
      { step: 'packages', percent: 40 },
      { step: 'packages', percent: 45 },
      { tell: true, step: 'packages', percent: 45 },
    ],
    [
      'a later step with a smaller percent of its own',
      { step: 'packages', percent: 60 },
      { step: 'boot loader', percent: 50 },
      { tell: true, step: 'boot loader', percent: 60 },
    ],
    [
      'that the disk may boot, be it by one point',
      { step: 'boot loader', percent: 85 },
      { percent: 86 },
      { tell: true, percent: 86 },
    ],
    ['what comes behind that', { percent: 86 }, { percent: 88 }, undefined],
    ['what comes before it', { percent: 82 }, { percent: 85 }, undefined],
    ['more than all', { percent: 90 }, { percent: 1000 }, { tell: true, percent: 100 }],
    ['words without a step', { step: 'disk', percent: 12 }, {}, { tell: true, percent: 12 }],
    [
      'a step of its own',
      { step: 'disk', percent: 12 },
      { step: 'fetching the tree' },
      { tell: true, step: 'fetching the tree', percent: 12 },
    ],
    ['a step of its own, twice', { step: 'fetching the tree' }, { step: 'fetching the tree' }, undefined],
  ] as const) {
    test(`${what}: ${expected ? 'told' : 'not told'}`, () => {
      const decided = decideProgress(known, said);
      if (expected) expect(decided).toEqual(expected);
      else expect(decided).toMatchObject({ tell: false, because: expect.any(String) });
    });
  }
});

test('over any sequence of words progress never goes back, and few of them are told', () => {
  const said = fc.record({
    step: fc.constantFrom(...STEP_NAMES),
    percent: fc.option(fc.integer({ min: -5, max: 120 }), { nil: undefined }),
  });
  fc.assert(
    fc.property(fc.array(said, { maxLength: 300 }), (words) => {
      let known: KnownProgress = {};
      let told = 0;
      for (const one of words) {
        const decided = decideProgress(known, one);
        if (!decided.tell) continue;
        told += 1;
        const before = {
          order: known.step === undefined ? -1 : orderOf(readStep(known.step).name!),
          percent: known.percent ?? 0,
        };
        known = { step: decided.step, percent: decided.percent };
        expect(orderOf(readStep(decided.step!).name!)).toBeGreaterThanOrEqual(before.order);
        expect(decided.percent!).toBeGreaterThanOrEqual(before.percent);
      }
      expect(told).toBeLessThanOrEqual(STEP_NAMES.length + 100 / LEAST_POINTS + 1);
    }),
  );
});

test('counts that no installer has are no progress', () => {
  const reader = new ProgressReader([{ says: /(?<done>\d+)\/(?<total>\d+)/, step: 'packages' }]);
  expect(reader.read({ text: '3/0' })).toEqual({ step: 'packages', percent: 35 });
  expect(reader.read({ text: `1/${'9'.repeat(30)}` })).toEqual({ step: 'packages', percent: 35 });
});

test('the steps an install took, of its events', () => {
  const at = (atMs: number) => ({ atMs });
  expect(
    stepsTaken(
      [
        { ...at(0), kind: 'install.requested' },
        { ...at(1), kind: 'install.bootOffered' },
        { ...at(2), kind: 'tftp.sent', data: { file: 'pxelinux.0' } },
        { ...at(3), kind: 'tftp.sent', data: { file: 'images/tiny/vmlinuz' } },
        { ...at(4), kind: 'tftp.sent', data: { file: 'images/tiny/initrd.img' } },
        { ...at(5), kind: 'install.answerServed', data: { state: 'installing' } },
        { ...at(6), kind: 'install.started', data: { step: 'answer file', percent: 4 } },
        // As a file of the tree.
        { ...at(6), kind: 'http.sent', data: { file: 'tiny/vmlinuz' } },
        { ...at(7), kind: 'install.progressed', data: { step: 'disk vda', percent: 12 } },
        { ...at(8), kind: 'install.progressed', data: { step: 'packages', percent: 40, doing: 'bash' } },
        { ...at(9), kind: 'install.progressed', data: { step: 'packages', percent: 45, doing: 'zlib' } },
        { ...at(10), kind: 'install.finished', data: { step: 'installed', percent: 100 } },
      ],
      ['images/tiny/vmlinuz', 'tiny/vmlinuz'],
    ),
  ).toEqual([
    { step: 'loader', startedAtMs: 1, endedAtMs: 3 },
    { step: 'kernel', startedAtMs: 3, endedAtMs: 5 },
    { step: 'answer file', startedAtMs: 5, endedAtMs: 7, percent: 4 },
    { step: 'disk', startedAtMs: 7, endedAtMs: 8, percent: 12, doing: 'vda' },
    { step: 'packages', startedAtMs: 8, endedAtMs: 10, percent: 45, doing: 'zlib' },
    { step: 'installed', startedAtMs: 10, percent: 100 },
  ]);
});

describe('what subiquity and curtin report', () => {
  const INSTALL = 'subiquity/Install/install/curtin_install';
  for (const [name, description, step] of [
    ['subiquity/core_validation', '', 'answer file'],
    ['subiquity/Network/apply_autoinstall_config', '', 'installer'],
    [`${INSTALL}/run_curtin_step/cmd-install/stage-partitioning`, 'configuring storage', 'disk'],
    [
      `${INSTALL}/run_curtin_step/cmd-install/stage-partitioning/builtin/cmd-block-meta`,
      'curtin command block-meta',
      'disk',
    ],
    [
      `${INSTALL}/run_curtin_step/cmd-install/stage-extract`,
      'writing install sources to disk',
      'base system',
    ],
    [
      `${INSTALL}/cmd-install/stage-curthooks/builtin/cmd-curthooks/installing-kernel`,
      'installing kernel',
      'packages',
    ],
    [
      `${INSTALL}/cmd-install/stage-curthooks/builtin/cmd-curthooks/install-grub`,
      'installing grub to target devices',
      'boot loader',
    ],
    ['subiquity/Install/install/postinstall/configure_cloud_init', 'configuring cloud-init', 'configuration'],
    [
      'subiquity/Install/install/postinstall/install_openssh-server',
      'installing openssh-server',
      'configuration',
    ],
    ['subiquity/Late/run/command_0', 'curtin in-target', 'configuration'],
    ['subiquity/Shutdown/copy_logs_to_target', '', 'finishing'],
    ['cmd-install/stage-extract', 'writing install sources to disk', 'base system'],
    ['modules-final/config-ssh', 'running config-ssh', undefined],
  ] as const) {
    test(`${name}: ${step ?? 'no step'}`, () => {
      expect(progressOfReporting({ name, description, type: 'start' })?.step).toBe(step);
      expect(progressOfReporting({ name, description, type: 'finish', result: 'SUCCESS' })).toBeUndefined();
    });
  }

  test('a line of the log tells name, result and words', () => {
    expect(reportingLine({ name: 'a/b', description: 'doing', type: 'finish', result: 'SUCCESS' })).toBe(
      'finish: a/b: SUCCESS: doing',
    );
  });

  test('only the end of the whole install fails it', () => {
    const failed = (name: string) =>
      failureOfReporting({ name, description: 'no disk', type: 'finish', result: 'FAIL' });
    expect(failed('subiquity/Install/install')).toBe('subiquity/Install/install failed: no disk');
    expect(failed('subiquity/Install/install/curtin_install')).toBeUndefined();
  });
});
