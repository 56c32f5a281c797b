import { describe, expect, test } from 'vitest';
import { DEFAULT_TEMPLATES } from './templates/all.ts';
import { renderAnswer, renderTemplate, sampleImage, sampleMachine, URLS } from './suite/answer-samples.ts';
import { MAX_ANSWER_LENGTH, MAX_TEMPLATE_LENGTH, MAX_TEMPLATE_STEPS } from './template-job.ts';

test('a template knows the machine, the image, the profile, the URLs and the variables', () => {
  const answer = renderTemplate(
    [
      '{{ machine.name }} {{ machine.mac }} {{ machine.macs | length }} {{ machine.uuid }} {{ machine.id }}',
      '{{ image.name }} {{ image.title }} {{ image.major }} {{ image.architecture }} {{ image.family }} {{ codename }}',
      '{{ profile }} {{ urls.report }} {{ urls.tree }} {{ level }}',
      '{{ timezone }} {{ packages | join("+") }} {{ "unsigned" if mirror_unsigned else "signed" }} {{ own }}',
    ].join('\n'),
    { profile: { packages: 'a b', own: 'profile' }, machine: { own: 'machine' } },
  );
  expect(answer).toEqual({
    rendered: true,
    text: [
      'web01 52:54:00:12:34:56 1 12345678-9abc-def0-1122-334455667788 m-0123456789ab',
      'sample Debian 12 (bookworm) 12 x86_64 debian bookworm',
      `web ${URLS.report} http://192.168.122.1:8080/images/sample 9`,
      'Etc/UTC a+b signed machine',
      '',
    ].join('\n'),
  });
});

test('a template knows the package mirrors by name, and says which line names one that is not there', () => {
  const text = '{{ mirrors.debian.url }} {{ mirrors["rocky-9"].host }}{{ mirrors["rocky-9"].directory }}\n';
  expect(renderTemplate(text)).toEqual({
    rendered: true,
    text: 'http://192.168.122.1:8080/mirrors/debian 192.168.122.1:8080/mirrors/rocky-9\n',
  });
  expect(renderTemplate('ok\n{{ mirrors.none.url }}\n')).toMatchObject({
    rendered: false,
    because: expect.stringContaining('profile web:2:4: there is no "mirrors.none.url"'),
  });
});

describe('a value is never read as a template, nor as anything but itself', () => {
  for (const value of [
    '{{ machine.name }}',
    '{% for x in range(9) %}',
    '{# comment',
    '%end',
    '<b>&amp;"\'',
    'Zürich 東京 🎉',
    '$(reboot) `reboot` ${IFS}',
  ]) {
    test(value, () => {
      expect(renderTemplate('[{{ own }}]\n', { profile: { own: value } })).toEqual({
        rendered: true,
        text: `[${value}]\n`,
      });
    });
  }
});

describe('a template cannot go on for ever or grow without end', () => {
  for (const [name, template, because] of [
    [
      'an endless loop',
      '{% for a in range(10000) %}{% for b in range(10000) %}{% endfor %}{% endfor %}',
      new RegExp(`it takes more than ${MAX_TEMPLATE_STEPS} steps: look for a loop that does not end`),
    ],
    ['a macro that calls itself', '{% macro a() %}{{ a() }}{% endmacro %}{{ a() }}', /recursion limit/],
    ['brackets without end', `{{ ${'('.repeat(5000)}1${')'.repeat(5000)} }}`, /recursion limits/],
    ['a huge range', '{% for x in range(1000000000) %}{% endfor %}', /too many elements/],
    ['a long answer', `{{ "x" * ${MAX_ANSWER_LENGTH + 1} }}`, /are the most$/],
    ['a long template', 'x'.repeat(MAX_TEMPLATE_LENGTH + 1), /^the template has .* are the most$/],
  ] as const) {
    test(name, () => {
      expect(renderTemplate(template)).toMatchObject({
        rendered: false,
        because: expect.stringMatching(because),
      });
      expect(renderTemplate('{{ 1 + 1 }}')).toEqual({ rendered: true, text: '2\n' });
    });
  }
});

test('filters that refuse do not poison the renders after them', () => {
  for (let round = 0; round < 200; round += 1) {
    expect(renderTemplate('{{ "a b" | package }}')).toMatchObject({ rendered: false });
    expect(renderTemplate('{{ "a b" | sh }} {{ own | ks }}', { profile: { own: 'c d' } })).toEqual({
      rendered: true,
      text: '\'a b\' "c d"\n',
    });
  }
});

test('filters take numbers and yes-or-no values as text', () => {
  expect(renderTemplate('{{ 7 | ks }} {{ true | sh }} {{ 1.5 | form }}')).toEqual({
    rendered: true,
    text: "7 'true' 1.5\n",
  });
});

test('nothing of the engine, of Node or of JavaScript can be reached', () => {
  for (const expression of [
    'machine.constructor',
    'machine.__proto__',
    'urls.toString',
    'process',
    'require',
  ]) {
    expect(renderTemplate(`{{ ${expression} }}`)).toMatchObject({ rendered: false });
  }
});

test('variables that cannot be read are told before anything is rendered', () => {
  expect(renderTemplate('x', { machine: { root_password_hash: 'secret' } })).toEqual({
    rendered: false,
    because: expect.stringMatching(/^variable root_password_hash is not right: a crypt hash/),
  });
});

test("an error in Muster's own template says whose it is", () => {
  const answer = renderAnswer({
    kind: 'kickstart',
    machine: sampleMachine({ packages: 'vim;reboot' }),
    profile: { name: 'web', variables: {} },
    image: sampleImage('CentOS 7', '7', 'kickstart'),
    urls: URLS,
  });
  const line = DEFAULT_TEMPLATES.kickstart.split('\n').indexOf('{{ package | package }}') + 1;
  expect(answer).toEqual({
    rendered: false,
    because: `Muster's own kickstart template:${line}:14: "| package" cannot take this value: it is no name of a package or group: letters, digits and . _ + : ~ * - are wanted`,
    at: { file: "Muster's own kickstart template", line, column: 14 },
  });
});
