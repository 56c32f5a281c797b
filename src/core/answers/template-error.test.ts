import { describe, expect, test } from 'vitest';
import { renderTemplate } from './suite/answer-samples.ts';

const NOT_SET = '; set it on the machine or the profile, or give it a default with "| default(…)"';

describe('an error in a template tells its line and column, what is wrong, and no text of the template but names', () => {
  const cases: readonly (readonly [string, string, string | RegExp])[] = [
    [
      'a variable that is not set',
      'a\nsecret {{ nope }}\n',
      `profile web:2:11: there is no variable "nope"${NOT_SET}`,
    ],
    [
      'the same in a condition',
      '\n\n{% if nope %}x{% endif %}',
      `profile web:3:7: there is no variable "nope"${NOT_SET}`,
    ],
    [
      'one that is nearly right',
      '{{ timezon }}',
      `profile web:1:4: there is no variable "timezon" (there is "timezone")${NOT_SET}`,
    ],
    [
      'a part that is not there',
      '  {{ machine.nme }}',
      'profile web:1:6: there is no "machine.nme": docs/answer-variables.md says what "machine" has',
    ],
    ['one deeper', '{{ urls.a.b }}', /^profile web:1:4: there is no "urls.a"/],
    [
      'a part that is not there in a filter',
      '{{ machine.nme | ks }}',
      /^profile web:1:4: there is no "machine.nme"/,
    ],
    [
      'nothing in a filter',
      '{{ none | ks }}',
      'profile web:1:11: "| ks" cannot take this value: it is not set',
    ],
    ['the same in a filter', '\n{{ nope | ks }}', `profile web:2:4: there is no variable "nope"${NOT_SET}`],
    ['a tag that is not complete', 'a\n{% if %}\n', 'profile web:2:7: syntax error: unexpected end of block'],
    [
      'a block that does not end',
      'a secret\n{% for x in [1] %}\n',
      /^profile web:\d:\d+: syntax error: unexpected end of input/,
    ],
    ['an unknown filter', '\n{{ 1 | nope }}', 'profile web:2:8: unknown filter: filter nope is unknown'],
    [
      'a snippet that is not there',
      'x\n{% include "user" %}',
      'profile web:2:4: there is no snippet "user": muster snippet ls shows what is there',
    ],
    [
      'a file to include',
      '{% include "/etc/passwd" %}',
      /^profile web:1:4: there is no snippet "\/etc\/passwd"/,
    ],
    ['after line ends of DOS', 'a\r\nb\r\n{{ nope }}\r\n', /^profile web:3:4: /],
    ['after letters outside of the first plane', '🎉é {{ nope }}', /^profile web:1:8: /],
    [
      'a list where one text is wanted',
      'a\n\nlang {{ packages | ks }}',
      'profile web:3:20: "| ks" cannot take this value: it is a list or a mapping: write a loop, or "| join(…)" before it',
    ],
    [
      'a line break made in the template',
      'a\n{{ ("x" ~ "\\n" ~ "rootpw y") | ks }}',
      /^profile web:2:\d+: "\| ks" cannot take this value: it holds a line break or NUL/,
    ],
    [
      'a refusal inside a macro and a loop',
      '{% macro word(text) %}\n{{ text | package }}\n{% endmacro %}\n{% for x in ["a", "b; c"] %}\n{{ word(x) }}\n{% endfor %}',
      /^profile web:2:11: "\| package" cannot take this value: it is no name of a package/,
    ],
    [
      'a template that gives up',
      '{% if level < 99 %}\n{{ "EL 98 has no btrfs" | refuse }}\n{% endif %}',
      'profile web:2:27: EL 98 has no btrfs',
    ],
    ['the printing of everything that is known', '{{ debug() }}', /^profile web:1:4: unknown function/],
  ];
  for (const [name, template, because] of cases) {
    test(name, () => {
      const answer = renderTemplate(template);
      expect(answer).toMatchObject({
        rendered: false,
        because: typeof because === 'string' ? because : expect.stringMatching(because),
      });
      expect(JSON.stringify(answer)).not.toContain('secret');
    });
  }
});

describe('a snippet by the name that a variable gives is not there, and the value is not told', () => {
  for (const template of [
    '{% include key %}',
    '{% include [key] %}',
    '{% include "a" ~ key %}',
    '{% extends key %}',
    '{% import key as words %}',
    '{% from key import word %}',
  ]) {
    test(template, () => {
      expect(renderTemplate(template, { profile: { key: 'sesam "open"' } })).toMatchObject({
        rendered: false,
        because:
          'profile web:1:4: there is no snippet by the name that a variable gives here: muster snippet ls shows what is there',
      });
    });
  }

  test('while a name that the template itself says is', () => {
    expect(renderTemplate('{% set name = "users" %}{% include name %}')).toMatchObject({
      because: expect.stringContaining('there is no snippet "users"'),
    });
    expect(renderTemplate('{% extends "layout" %}')).toMatchObject({
      because: expect.stringContaining('there is no snippet "layout"'),
    });
  });
});

const SNIPPETS = [
  { name: 'users', text: 'one\n  {{ who.is.it }}\n' },
  { name: 'outer', text: '{% if true %}\n x {% include "users" %}\n{% endif %}' },
  { name: 'broken', text: 'fine\n{% if %}' },
  { name: 'macros', text: '{% macro word(x) %}\n{{ x | package }}{% endmacro %}' },
  { name: 'words', text: '{{ item | package }}' },
  { name: 'local', text: 'a\n{{ local_name }} {{ "x" | refuse }}' },
];

describe('an error in a snippet names the snippet, with its line and column', () => {
  for (const [name, template, because] of [
    ['included at once', 'a\nb {% include "users" %} c\n', 'snippet users:2:6: there is no variable "who"'],
    ['included by a snippet', '{% include "outer" %}', 'snippet users:2:6: there is no variable "who"'],
    ['in one that cannot be read', 'x{% include "broken" %}', 'snippet broken:2:7: syntax error'],
    [
      'in a macro of it',
      '{% from "macros" import word %}\n\n{{ word("a;b") }}',
      'snippet macros:2:8: "| package" cannot take',
    ],
    [
      'in the second turn of a loop',
      '{% for item in ["a", "b;c"] %}\n{% include "words" %}\n{% endfor %}',
      'snippet words:1:11: "| package" cannot take',
    ],
    [
      'with a name of the template around it',
      '{% set local_name = 1 %}\n{%- include "local" -%}',
      'snippet local:2:27: x',
    ],
    [
      'by a name that is computed',
      '{% set n = "users" %}{% include n %}',
      'snippet users:2:6: there is no variable "who"',
    ],
  ] as const) {
    test(name, () => {
      const snippets = SNIPPETS.filter(({ name }) => template.includes('broken') || name !== 'broken');
      expect(renderTemplate(template, { snippets })).toMatchObject({
        rendered: false,
        because: expect.stringMatching(new RegExp(`^${because.replaceAll(/[|."?]/g, String.raw`\$&`)}`)),
      });
    });
  }
});

describe('snippets are included, imported and extended', () => {
  for (const [name, template, text] of [
    ['by name', '[{% include "plain" %}]', '[<x> web01]\n'],
    ['one of several', '{% include ["nope", "plain"] %}', '<x> web01\n'],
    ['or nothing', 'a{% include "nope" ignore missing %}', 'a\n'],
    ['as macros', '{% import "macros" as m %}{{ m.word("vim") }}', 'vim\n'],
    ['as a frame', '{% extends "frame" %}{% block inside %}b{% endblock %}', 'a b c\n'],
    [
      'not where it stands in a comment or is raw',
      '{# {% include "nope" %} #}{% raw %}{% include "nope" %}{% endraw %}',
      '{% include "nope" %}\n',
    ],
  ] as const) {
    test(name, () => {
      const snippets = [
        ...SNIPPETS,
        { name: 'plain', text: '{{ "<x>" }} {{ machine.name }}' },
        { name: 'frame', text: 'a {% block inside %}{% endblock %} c' },
      ];
      expect(renderTemplate(template, { snippets })).toEqual({ rendered: true, text });
    });
  }
});

test('snippets that include each other in a circle are told before anything is rendered', () => {
  const snippets = [
    { name: 'a', text: '{% include "b" %}' },
    { name: 'b', text: '{% if false %}{% include "a" %}{% endif %}' },
  ];
  expect(renderTemplate('{% include "b" %}', { snippets })).toEqual({
    rendered: false,
    because: 'snippet "b" includes itself: b → a → b; take one of these includes away',
  });
  expect(renderTemplate('fine', { snippets })).toEqual({ rendered: true, text: 'fine\n' });
});

test('snippets that include each other by computed names end with the limit of the engine', () => {
  const snippets = [{ name: 'a', text: '{% set n = "a" %}{% include n %}' }];
  expect(renderTemplate('{% include "a" %}', { snippets })).toMatchObject({ rendered: false });
});
