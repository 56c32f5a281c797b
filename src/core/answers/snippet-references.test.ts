import { describe, expect, test } from 'vitest';
import { cycleIn, referencesIn } from './snippet-references.ts';
import { objectionToRemoval, objectionToSnippet } from './snippet-rules.ts';
import { MAX_SNIPPETS } from './snippet.ts';

describe('what a template names', () => {
  for (const [source, names, computed] of [
    ['{% include "a" %} {%- include \'b\' -%}', ['a', 'b'], false],
    ['{%+ include "a" ignore missing +%}{% include "a" %}', ['a'], false],
    ['{% import "m" as x %}{% from "n" import y with context %}{% extends "f" %}', ['m', 'n', 'f'], false],
    ['{% include ["a", \'b\'] %}', ['a', 'b'], false],
    ['{% include ["a", name] %}', [], true],
    ['{% include name %}{% include "a" %}', ['a'], true],
    ['{# {% include "a" %} #}{{ "{% include" }}', [], false],
    ['{% raw %}{% include "a" %}{% endraw %}{% include "b" %}', ['b'], false],
    ['{%\n  include\n  "a"\n%}', ['a'], false],
    ['{% include "a"', [], false],
    ['{# never closed {% include "a" %}', [], false],
    ['{% set include = "a" %}', [], false],
    ['{{ "{% include \'x\' %}" }}{% include "a" %}', ['a'], false],
    ['{% set a = "%}{% include \'x\' %}" %}{% include "b" %}', ['b'], false],
    ['{{ {"a": {"b": "}}"}} }}{% include "c" %}', ['c'], false],
    ['{{ "never closed }}{% include "a" %}', [], false],
  ] as const) {
    test(source, () => expect(referencesIn(source)).toEqual({ names, computed }));
  }
});

test('looking through a text of a quarter of a million brackets takes no time that is felt', () => {
  const began = performance.now();
  for (const piece of ['{#', '{%', '{', '{% raw %}', '{% include [', '{{ "', '{{ "a" }}', '{{ ('])
    referencesIn(piece.repeat(Math.floor(262_144 / piece.length)));
  expect(performance.now() - began).toBeLessThan(2_000);
});

const snippet = (name: string, ...includes: readonly string[]) => ({
  name,
  text: includes.map((one) => `{% include "${one}" %}`).join(''),
});

describe('circles of snippets', () => {
  for (const [name, snippets, cycle] of [
    ['none', [snippet('a', 'b', 'c'), snippet('b', 'c'), snippet('c', 'missing')], undefined],
    ['one alone', [snippet('a', 'a')], ['a', 'a']],
    [
      'three',
      [snippet('x', 'a'), snippet('a', 'b'), snippet('b', 'c'), snippet('c', 'a')],
      ['a', 'b', 'c', 'a'],
    ],
  ] as const) {
    test(name, () => expect(cycleIn(new Map(snippets.map((one) => [one.name, one.text])))).toEqual(cycle));
  }
});

describe('a snippet is refused', () => {
  test('when it would include itself, but not for a circle it has no part in', () => {
    expect(objectionToSnippet(snippet('a', 'b'), [snippet('b', 'a')])).toMatch(
      /^snippet "a" includes itself/,
    );
    expect(objectionToSnippet(snippet('d', 'c'), [snippet('c', 'c')])).toBeUndefined();
    expect(objectionToSnippet(snippet('a', 'not-there-yet'), [])).toBeUndefined();
  });

  test('when there are too many', () => {
    const others = Array.from({ length: MAX_SNIPPETS }, (_, at) => snippet(`s${at}`));
    expect(objectionToSnippet(snippet('a'), others)).toMatch(/200 are the most$/);
    expect(objectionToSnippet(snippet('a'), others.slice(1))).toBeUndefined();
  });
});

test('a snippet has to stay while a template or another snippet includes it', () => {
  const profiles = [{ name: 'web', template: '{% include "a" %}' }];
  expect(objectionToRemoval('a', { profiles, snippets: [] })).toMatch(/profile web includes it/);
  expect(objectionToRemoval('b', { profiles, snippets: [snippet('c', 'b')] })).toMatch(
    /snippet c includes it/,
  );
  expect(objectionToRemoval('d', { profiles, snippets: [snippet('c', 'b')] })).toBeUndefined();
});
