import { describe, expect, test } from 'vitest';
import { decideEnrolment, like, waitsForPrograms } from './decide-enrolment.ts';
import type { EnrolRule, StrangerFacts } from './enrol-rule.ts';
import { enrolledName, objectionToPattern } from './enrolled-name.ts';

const stranger: StrangerFacts = {
  mac: '52:54:00:ab:cd:ef',
  subnet: 'lab',
  firmware: 'UEFI',
  architecture: 'x86_64',
};
const told: StrangerFacts = {
  ...stranger,
  vendor: 'Dell Inc.',
  product: 'PowerEdge R640',
  serial: 'ABC 12/3',
};

function rule(change: Partial<EnrolRule> = {}): EnrolRule {
  return { when: {}, name: 'node-{n:03}', labels: {}, variables: {}, ...change };
}

const free = () => false;

describe('the first rule that fits makes a machine known, and says why', () => {
  for (const [what, rules, seen, knowledge, expected] of [
    ['there is no rule', [], stranger, 'some', { enrol: 'no', because: 'no rule fits: there is no rule' }],
    [
      'a rule takes every machine',
      [rule()],
      stranger,
      'some',
      { enrol: 'yes', name: 'node-001', because: 'rule 1 fits: it takes every machine' },
    ],
    [
      'its MAC address begins as the rule says, however that is written',
      [rule({ when: { mac: '5254-00' } })],
      stranger,
      'some',
      { enrol: 'yes', because: 'rule 1 fits: MAC address 5254-00' },
    ],
    [
      'the first does not fit and the second does',
      [
        rule({ when: { subnet: 'hall' } }),
        rule({ name: 'b-{n}', when: { firmware: 'UEFI', subnet: 'lab' } }),
      ],
      stranger,
      'some',
      { enrol: 'yes', name: 'b-1', because: 'rule 2 fits: subnet lab, firmware UEFI' },
    ],
    [
      'none fits, for each its reason',
      [rule({ when: { subnet: 'hall' } }), rule({ when: { circuitId: 'eth0/*' } })],
      stranger,
      'some',
      {
        enrol: 'no',
        because:
          'no rule fits: rule 1 wants subnet hall and not lab; rule 2 wants port (circuit id) eth0/* and not none',
      },
    ],
    [
      'who made it is not known yet: no rule behind that one is looked at',
      [rule({ when: { vendor: 'Dell*' } }), rule()],
      stranger,
      'some',
      { enrol: 'later', because: 'rule 1 asks for its vendor, which is not known yet' },
    ],
    [
      'what is known does not fit, whatever is not known beside it',
      [rule({ when: { vendor: 'Dell*', subnet: 'hall' } }), rule()],
      stranger,
      'some',
      { enrol: 'yes', because: 'rule 2 fits: it takes every machine' },
    ],
    [
      'who made it is told',
      [rule({ when: { vendor: 'dell*', product: '*r6?0' } })],
      told,
      'all',
      { enrol: 'yes', because: 'rule 1 fits: vendor dell*, product *r6?0' },
    ],
    [
      'who made it will never be known',
      [rule({ when: { vendor: 'Dell*' } }), rule({ name: 'x-{n}' })],
      stranger,
      'all',
      { enrol: 'yes', name: 'x-1', because: 'rule 2 fits: it takes every machine' },
    ],
    [
      'a rule fits, and its name cannot be made',
      [rule({ name: 'a-{serial}' }), rule()],
      stranger,
      'all',
      {
        enrol: 'no',
        because: 'rule 1 fits, and its name "a-{serial}" asks for a serial number, and it has none',
      },
    ],
  ] as const) {
    test(what, () => {
      expect(decideEnrolment(rules, seen, knowledge, free)).toMatchObject(expected);
    });
  }
});

test('only rules that ask for what the ROM does not tell wait for iPXE', () => {
  expect(waitsForPrograms([rule({ when: { mac: '52', subnet: 'lab', firmware: 'BIOS' } })])).toBe(false);
  for (const when of [{ vendor: 'x' }, { product: 'x' }, { serial: 'x' }])
    expect(waitsForPrograms([rule(), rule({ when })])).toBe(true);
});

for (const [pattern, text, fits] of [
  ['Dell*', 'Dell Inc.', true],
  ['dell*', 'DELL', true],
  ['Dell', 'Dell Inc.', false],
  ['*', '', true],
  ['', '', true],
  ['', 'a', false],
  ['?', '', false],
  ['a?c', 'abc', true],
  ['*b*d', 'abcbd', true],
  ['*b*d', 'abcb', false],
  ['a**c', 'ac', true],
  ['a.c', 'abc', false],
  ['*?*?', 'a', false],
  ['*aab', 'aaab', true],
] as const) {
  test(`like: "${pattern}" ${fits ? 'fits' : 'does not fit'} "${text}"`, () => {
    expect(like(pattern, text)).toBe(fits);
  });
}

test('like takes no long time for any pattern', () => {
  const before = performance.now();
  expect(like('*a'.repeat(60), `${'a'.repeat(128)}b`)).toBe(false);
  expect(performance.now() - before).toBeLessThan(1000);
});

describe('names', () => {
  for (const [pattern, taken, name] of [
    ['node-{n}', [], 'node-1'],
    ['node-{n:03}', ['node-001', 'node-002', 'node-004'], 'node-003'],
    ['{n}-{mac}', ['1-525400abcdef'], '2-525400abcdef'],
    ['pc-{serial}', [], 'pc-abc-12-3'],
    ['m{mac}', [], 'm525400abcdef'],
  ] as const) {
    test(`${pattern} gives ${name}`, () => {
      expect(enrolledName(pattern, told, (one) => taken.some((known) => known === one))).toEqual({
        made: true,
        name,
      });
    });
  }

  test('of a pattern without a number are taken once', () => {
    expect(enrolledName('pc-{mac}', told, () => true)).toEqual({
      made: false,
      because: 'the name "pc-525400abcdef" is taken',
    });
  });

  for (const [pattern, objection] of [
    ['node-{n:03}', undefined],
    ['a-{serial}-{mac}', undefined],
    ['node', /gives every machine the same name/],
    ['node-{m}', /has other braces than/],
    ['node-{n:3}', /has other braces than/],
    ['{n', /has other braces than/],
    ['{mac}', /looks like an id or a MAC address/],
    ['Node-{n}', /a host name is wanted/],
    ['-{n}', /a host name is wanted/],
    [`${'a'.repeat(60)}-{mac}`, /a host name is wanted/],
  ] as const) {
    test(`objectionToPattern: ${pattern}`, () => {
      if (objection === undefined) expect(objectionToPattern(pattern)).toBeUndefined();
      else expect(objectionToPattern(pattern)).toMatch(objection);
    });
  }
});
