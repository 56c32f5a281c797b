import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TemplateJob, TemplateOutcome } from '../../core/answers/template-job.ts';
import { AnswerWorker, MAX_WAITING } from './answer-worker.ts';

let worker: AnswerWorker;

beforeAll(() => {
  worker = new AnswerWorker();
});

afterAll(async () => {
  await worker.close();
});

function job(source: string, more: Partial<TemplateJob> = {}): TemplateJob {
  return { name: 'profile web', source, snippets: {}, values: { own: 'x', list: ['a', 'b'] }, ...more };
}

const FINE: TemplateOutcome = { made: true, text: 'x a,b' };

test('a template is rendered in the thread, with its snippets and values', async () => {
  expect(await worker.render(job('{{ own }} {{ list | join(",") }}'))).toEqual(FINE);
  expect(await worker.render(job('{% include "a" %}', { snippets: { a: '[{{ own | ks }}]' } }))).toEqual({
    made: true,
    text: '[x]',
  });
});

test('Butane is translated in the thread, and Ignition stays as it is', async () => {
  const butane =
    'variant: fcos\nversion: 1.5.0\nstorage: {files: [{path: /etc/x, contents: {inline: "{{ own }}"}}]}\n';
  const outcome = await worker.render(job(butane, { becomes: 'ignition' }));
  if (!outcome.made) throw new Error(outcome.because);
  expect(JSON.parse(outcome.text)).toMatchObject({ storage: { files: [{ path: '/etc/x' }] } });
  expect(await worker.render(job('{"own": "{{ own }}"}', { becomes: 'ignition' }))).toEqual({
    made: true,
    text: '{"own": "x"}',
  });
  expect(await worker.render(job('variant: none\n', { becomes: 'ignition' }))).toMatchObject({
    made: false,
    because: expect.stringMatching(/^the Butane that profile web made, 1:\d+: /),
  });
});

test('an error comes with its place', async () => {
  expect(await worker.render(job('\n{{ nope }}'))).toMatchObject({
    made: false,
    at: { file: 'profile web', line: 2, column: 4 },
  });
});

/** Each doubling is one step of the engine, so its steps do not end them. */
const DOUBLED =
  '{% set ns = namespace(t="x") %}{% for i in range(40) %}{% set ns.t = ns.t ~ ns.t %}{% endfor %}';
const COPIED = `{% set ns = namespace(t="x" * 1000000) %}{% for i in range(9000) %}{% set ns.u = (ns.t ~ i) | upper | lower | upper | length %}{% endfor %}`;

describe('a template that breaks the engine ends with its reason, and those behind it are rendered', () => {
  for (const [name, source, because] of [
    [
      'one that fills the memory',
      `${DOUBLED}{{ ns.t }}`,
      /^profile web took more memory than a render may have/,
    ],
    ['one text of a gigabyte', '{{ "x" * 1000000000 }}', /^profile web took more memory|are the most/],
    [
      'one that copies without end',
      COPIED,
      /^profile web took longer than 2000 ms: look for what it repeats/,
    ],
    [
      'one that loops without end',
      '{% for a in range(10000) %}{% for b in range(10000) %}{% endfor %}{% endfor %}',
      /^it takes more than 1000000 steps/,
    ],
    [
      'one that gives more than an answer file may have',
      '{{ "x" * 2000000 }}',
      /2000000 characters, and 1048576/,
    ],
  ] as const) {
    test(name, async () => {
      const [bad, ...good] = await Promise.all([
        worker.render(job(source)),
        worker.render(job('{{ own }} {{ list | join(",") }}')),
        worker.render(job('{{ own }} {{ list | join(",") }}')),
      ]);
      expect(bad).toMatchObject({ made: false, because: expect.stringMatching(because) });
      expect(good).toEqual([FINE, FINE]);
      expect(await worker.render(job('{{ own }} {{ list | join(",") }}'))).toEqual(FINE);
    });
  }
});

test('work that ends the thread by a fault of ours is called that, without its words', async () => {
  const bad = await worker.lint({ kind: 'preseed', text: 7 } as never);
  expect(bad).toEqual({
    linted: false,
    because:
      'it made the thread that works on answer files end (TypeError), which is a fault of Muster: please report it',
  });
  expect(await worker.render(job('{{ own }} {{ list | join(",") }}'))).toEqual(FINE);
});

test('a thousand renders wait, and no more', async () => {
  const renders = Array.from({ length: MAX_WAITING + 2 }, () => worker.render(job('{{ own }}')));
  const outcomes = await Promise.all(renders);
  const refused = outcomes.filter(({ made }) => !made);
  expect(outcomes.length - refused.length).toBeGreaterThanOrEqual(MAX_WAITING);
  expect(refused.length).toBeGreaterThanOrEqual(1);
  for (const outcome of refused)
    expect(outcome).toMatchObject({ because: expect.stringMatching(/ask again/) });
});

test('a password is hashed in the thread, and one that cannot be is refused', async () => {
  expect(await worker.hash('secret word')).toEqual({ hashed: true, hash: expect.stringMatching(/^\$6\$/) });
  expect(await worker.hash('secret\nword')).toEqual({
    hashed: false,
    because: expect.stringMatching(/line break/),
  });
});

test('when it is closed, what waits is refused, and what comes after', async () => {
  const short = new AnswerWorker();
  const waiting = [short.render(job('{{ own }}')), short.render(job('{{ own }}'))];
  await short.close();
  for (const render of [...waiting, short.render(job('{{ own }}'))])
    expect(await render).toEqual({ made: false, because: 'the server is being stopped' });
});
