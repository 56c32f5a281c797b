import { describe, expect, test } from 'vitest';
import { MAX_SITE_BYTES, MAX_SITE_FAULTS } from '../../contract/site-schemas.ts';
import { type ReadSite, readSite } from './read-site.ts';

function read(...texts: readonly string[]): ReadSite {
  return readSite(texts.map((text, at) => ({ file: `${at}.yaml`, text })));
}

function faultsOf(site: ReadSite): readonly string[] {
  if (site.read) return [];
  return site.faults.map(
    ({ place, because }) => `${place?.file}:${place?.line}:${place?.column}: ${because}`,
  );
}

describe('a site', () => {
  for (const [title, text, expected] of [
    ['of JSON', '{"machines": [], "policy": {}}', { machines: [], policy: {} }],
    ['of several documents is one', 'machines: []\n---\nmachines: [{ name: a, macs: [x] }]\n', undefined],
    ['may begin with the mark that Windows puts there', '\uFEFFmachines: []\n', { machines: [] }],
    [
      'may have lines that end as on Windows',
      'snippets:\r\n  - name: a\r\n    text: |\r\n      one\r\n      two\r\n',
      { snippets: [{ name: 'a', text: 'one\ntwo\n' }] },
    ],
    [
      'has an alias for the last of its name before it',
      'snippets: [{ name: &c one, text: *c }, { name: &c two, text: *c }]\n',
      {
        snippets: [
          { name: 'one', text: 'one' },
          { name: 'two', text: 'two' },
        ],
      },
    ],
    ['may have sections with nothing in them', 'machines:\ngroups: ~\n', { machines: [], groups: [] }],
    [
      'takes what is no text for one where a text is wanted, as it is written',
      'groups: [{ name: 1e3, selector: 0o14, variables: { a: 007, b: 1.50, c: no, d: true, e: 0x1F } }]',
      {
        groups: [
          {
            name: '1e3',
            selector: '0o14',
            variables: { a: '007', b: '1.50', c: 'no', d: 'true', e: '0x1F' },
          },
        ],
      },
    ],
    [
      'knows aliases',
      'profiles:\n  - { name: a, image: i, variables: &v { x: y } }\n  - { name: b, image: i, variables: *v }\n',
      {
        profiles: [
          { name: 'a', image: 'i', variables: { x: 'y' } },
          { name: 'b', image: 'i', variables: { x: 'y' } },
        ],
      },
    ],
  ] as const) {
    test(title, () => {
      const site = read(text);
      if (expected === undefined)
        expect(faultsOf(site)).toEqual([expect.stringMatching(/^0\.yaml:3:30: macs\[0\]: "x" is not a MAC/)]);
      else expect(site).toMatchObject({ read: true, site: expected });
    });
  }

  test('of several files has the entries of all, each where it stands', () => {
    const site = read('images: [a]\n', '# more\nimages:\n  - b\n');
    expect(site).toMatchObject({ site: { images: ['a', 'b'] } });
    if (!site.read) throw new Error('It was not read');
    const issues = [
      { path: 'images[1]', message: 'second' },
      { path: 'images[0]', message: 'first' },
      { path: 'images', message: 'all' },
      { path: '', message: 'the whole' },
      { path: 'images[1].deeper[3]', message: 'what is not there' },
    ];
    expect(site.placed(issues)).toEqual([
      { because: 'the whole' },
      { because: 'all', place: { file: '0.yaml', line: 1, column: 1 } },
      { because: 'first', place: { file: '0.yaml', line: 1, column: 10 } },
      { because: 'second', place: { file: '1.yaml', line: 3, column: 5 } },
      { because: 'what is not there', place: { file: '1.yaml', line: 3, column: 5 } },
    ]);
  });
});

describe('a fault', () => {
  for (const [title, texts, expected] of [
    [
      'behind an alias is told where the text stands',
      [
        'policy:\n  menu: &m { titel: x }\nmachines: [{ name: a, macs: [525400000001], variables: { x: ~ } }]\n',
      ],
      [
        '0.yaml:2:14: there is no field "titel": did you mean "title"?',
        '0.yaml:3:61: variables.x: null is there, and a text is wanted',
      ],
    ],
    [
      'of every file is told, in the order of the files',
      ['machine: []\n', '\nsubnet: []\n'],
      [
        '0.yaml:1:1: there is no section "machine": did you mean "machines"?',
        '1.yaml:2:1: there is no section "subnet": did you mean "subnets"?',
      ],
    ],
    [
      'in a list that is none, and in a thing that is none',
      ['machines: { a: b }\ngroups: [x]\n'],
      [
        '0.yaml:1:11: machines: a list is wanted, each entry with "- " before it',
        '0.yaml:2:10: "x" is there, and an object is wanted',
      ],
    ],
    [
      'in the first line is told without the mark before it, and in others with ends as on Windows',
      ['\uFEFFmachine: []\r\nimages: [a]\r\nsubnet: []\r\n'],
      [
        '0.yaml:1:1: there is no section "machine": did you mean "machines"?',
        '0.yaml:3:1: there is no section "subnet": did you mean "subnets"?',
      ],
    ],
    [
      'in a version of YAML in which "y" is true',
      ['%YAML 1.1\n---\nmachines: []\n'],
      ['0.yaml:2:1: site files are YAML 1.2, and %YAML says 1.1: take that line away'],
    ],
    [
      'of what is no name, and of what is no value',
      ['images:\n  - { { a: b }: c }\n  - !!binary aGVsbG8=\n'],
      [
        '0.yaml:2:5: a name is wanted before each ":", and something else stands there',
        '0.yaml:3:14: a text, a number, a list or fields are wanted, and bytes or the like stand there',
      ],
    ],
    [
      'in a thing that it is itself a part of',
      ['images: &a [*a]\n'],
      ['0.yaml:1:13: *a stands for something that it is a part of'],
    ],
    [
      'in a name far from any known',
      ['machines: [{ name: a, macs: [525400000001], colour: red }]\n'],
      [expect.stringMatching(/^0\.yaml:1:45: there is no field "colour": there are name, macs, /)],
    ],
  ] as const) {
    test(title, () => {
      expect(faultsOf(read(...texts))).toEqual(expected);
    });
  }

  test('that stands a million times is told a thousand times, and the rest counted', () => {
    const site = read(`images: [${'"A", '.repeat(MAX_SITE_FAULTS + 7)}]`);
    expect(site).toMatchObject({ read: false, untold: 7 });
    expect(faultsOf(site)).toHaveLength(MAX_SITE_FAULTS);
  });
});

describe('what would take memory without a limit is refused', () => {
  test('as too many bytes, over all files', () => {
    const half = `# ${'x'.repeat(MAX_SITE_BYTES / 2)}`;
    expect(faultsOf(read(half, half))).toEqual([
      expect.stringMatching(/^0\.yaml:1:1: a site has at most 16777216 bytes, and this has 16777220/),
    ]);
  });

  test('as aliases of aliases of aliases', () => {
    const levels = Array.from({ length: 9 }, (_, at) => `a${at + 1}: &a${at + 1} [${`*a${at}, `.repeat(9)}]`);
    const bomb = `policy: { menu: { title: &a0 [x], ${levels.join(', ')} } }`;
    expect(faultsOf(read(bomb))).toEqual([
      expect.stringMatching(/^0\.yaml:1:9: an alias stands for more than 1000 others/),
    ]);
  });

  test('as one long text again and again', () => {
    const text = `snippets: [{ name: a, text: &a "${'x'.repeat(60_000)}" }${', { name: b, text: *a }'.repeat(300)}]`;
    expect(faultsOf(read(text))[0]).toMatch(
      /^0\.yaml:1:\d+: aliases stand for more than 16777216 characters: use a group, or a snippet/,
    );
  });

  test('as lists in lists, however many', () => {
    expect(faultsOf(read(`machines: ${'['.repeat(200_000)}`))).toEqual([
      '0.yaml:1:110: lists and mappings go deeper than 100 here',
    ]);
  });

  for (const [title, text] of [
    ['aliases', `images: [&a x${', *a'.repeat(9000)}]`],
    ['anchors', `images: [${Array.from({ length: 5000 }, (_, at) => `&b${at} x${at}, *b${at}`).join(', ')}]`],
    ['fields', `policy:\n${Array.from({ length: 30_000 }, (_, at) => `  k${at}: x`).join('\n')}\n  k0: x`],
    ['fields that nobody knows', Array.from({ length: 20_000 }, (_, at) => `k${at}: x`).join('\n')],
  ] as const) {
    test(`as time: many ${title} are read within seconds of a processor`, () => {
      const began = process.cpuUsage();
      read(text);
      expect(process.cpuUsage(began).user).toBeLessThan(5_000_000);
    });
  }

  test('as too many entries', () => {
    expect(faultsOf(read(`images: [${'a, '.repeat(10_001)}]`))).toEqual([
      '0.yaml:1:1: at most 10000 entries are wanted',
    ]);
  });
});
