import { describe, expect, test } from 'vitest';
import { renderTemplate } from './suite/answer-samples.ts';

describe('a name that is not set is refused wherever it is used', () => {
  for (const [template, place] of [
    ['{{ nope ~ "a" }}', '1:4: there is no variable "nope"'],
    ['ok\n  {{ "a" ~ nope }}', '2:12: there is no variable "nope"'],
    ['{{ nope | upper }}', '1:4: there is no variable "nope"'],
    ['{{ (nope | trim) | ks }}', '1:5: there is no variable "nope"'],
    ['{{ nope | join(",") }}', '1:4: there is no variable "nope"'],
    ['{% if nope == "x" %}{% endif %}', '1:7: there is no variable "nope"'],
    ['{% if not nope %}{% endif %}', '1:11: there is no variable "nope"'],
    ['{{ [nope] }}', '1:5: there is no variable "nope"'],
    ['{{ nope in [1] }}', '1:4: there is no variable "nope"'],
    ['{{ nope is startingwith("a") }}', '1:4: there is no variable "nope"'],
    ['{% set a = nope %}', '1:12: there is no variable "nope"'],
    ['{{ "x" | replace(nope, "b") }}', '1:18: there is no variable "nope"'],
    ['{{ machine.nme ~ "a" }}', '1:4: there is no "machine.nme"'],
    ['{{ machine.nme.deeper }}', '1:4: there is no "machine.nme"'],
    ['{{ machine.nme.upper() ~ "" }}', '1:4: there is no "machine.nme"'],
    ['{{ timezon ~ nope }}', '1:4: there is no variable "timezon" (there is "timezone")'],
    ['{{ timezone ~ nope ~ other }}', '1:15: there is no variable "nope"'],
    // What closes a part closes none within a string, or within brackets.
    ["{{ '{{ y }}' ~ nope }}", '1:16: there is no variable "nope"'],
    ['{{ "it\'s \\" }}" ~ nope }}', '1:19: there is no variable "nope"'],
    ["{% if '%}' ~ nope %}{% endif %}", '1:14: there is no variable "nope"'],
    ['{{ {"a": {"b": 1}}.a.b ~ nope }}', '1:26: there is no variable "nope"'],
    ['{{ ["}}", (1, "]")] ~ nope }}', '1:23: there is no variable "nope"'],
    ["{{ '{{ y }}' }}{{ 'a' ~ nope }}", '1:25: there is no variable "nope"'],
  ] as const) {
    test(template, () => {
      expect(renderTemplate(template)).toMatchObject({
        rendered: false,
        because: expect.stringContaining(`profile web:${place}`),
      });
    });
  }

  test('also in a snippet', () => {
    const snippets = [{ name: 'a', text: 'x\n{{ timezone ~ nope }}' }];
    expect(renderTemplate('{% include "a" %}', { snippets })).toMatchObject({
      because: expect.stringContaining('snippet a:2:15: there is no variable "nope"'),
    });
  });

  test('and what stands behind it on the line keeps its column', () => {
    for (const [template, place] of [
      ['{{ gone if false }}{{ 1 | nofilter }}', '1:27: unknown filter'],
      ['{% if false %}{{ gone ~ 1 }}{% endif %}{{ "a;b" | package }}', '1:51: "| package" cannot take'],
      ['{% if false %}{{ gone ~ machine.gone }}{% endif %}\n{{ "a;b" | package }}', '2:12: "| package"'],
    ] as const) {
      expect(renderTemplate(template)).toMatchObject({
        because: expect.stringContaining(`profile web:${place}`),
      });
    }
  });
});

describe('what is set, bound or asked for is none of these', () => {
  for (const [template, text] of [
    ['{{ own | default("x") }}{{ machine.own | d("y") }}', 'xy'],
    ['{% if own is defined and own == "x" %}{{ own }}{% else %}none{% endif %}', 'none'],
    ['{% if own is not defined %}none{% endif %}', 'none'],
    ['{% if machine.own is undefined %}none{% endif %}', 'none'],
    ['{% if false %}{{ own }}{% endif %}a', 'a'],
    ['{% for a in [1, 2] %}{{ a ~ loop.index ~ loop.last }}{% endfor %}', '11false22true'],
    ['{% for k, v in {"a": 1} | items %}{{ k ~ v }}{% endfor %}', 'a1'],
    ['{% set a = 1 %}{{ a ~ "" }}{% set (b, c) = [2, 3] %}{{ b ~ c }}', '123'],
    ['{% set a %}x{% endset %}{{ a ~ "" }}', 'x'],
    ['{% set ns = namespace(t="x") %}{% set ns.t = ns.t ~ "y" %}{{ ns.t }}', 'xy'],
    ['{% macro word(a, b="q") %}{{ a ~ b }}{% endmacro %}{{ word("p") ~ word("p", b="r") }}', 'pqpr'],
    ['{% with a = 1, b = 2 %}{{ a ~ b }}{% endwith %}', '12'],
    ['{{ "a" is startingwith("a") }}{{ true and not false }}{{ none is none }}', 'truetruetrue'],
    ['{{ machine.name.upper is undefined }}{{ {"a": {"b": 1}}.a.b }}', 'true1'],
    ['{% block a %}{{ timezone }}{% endblock %}', 'Etc/UTC'],
    ['{% filter upper %}a{% endfilter %}', 'A'],
    ['{{ range(2) | join(",") }}{{ "nope.nope" }}', '0,1nope.nope'],
    ['{% raw %}{{ nope }}{% endraw %}{# {{ nope }} #}', '{{ nope }}'],
    ['{%- if level > 1 -%} a {%- endif -%}', 'a'],
    ["{{ '{{ y }}' }}", '{{ y }}'],
    ["{{ '{% raw %}' }}{{ timezone ~ '' }}", '{% raw %}Etc/UTC'],
    ['{{ {"a": {"b": timezone}}}}}', '{"a": {"b": "Etc/UTC"}}}'],
    ["{% if '%}' == '%}' %}{{ nope_not | default('}}') }}{% endif %}", '}}'],
  ] as const) {
    test(template, () => expect(renderTemplate(template)).toEqual({ rendered: true, text: `${text}\n` }));
  }

  test('nor is what a template binds before it includes a snippet', () => {
    const snippets = [{ name: 'a', text: '{{ mine ~ item }}' }];
    const template = '{% set mine = 1 %}{% for item in [2] %}{% include "a" %}{% endfor %}';
    expect(renderTemplate(template, { snippets })).toEqual({ rendered: true, text: '12\n' });
  });
});
