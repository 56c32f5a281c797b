import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MAX_LABEL_LENGTH } from '../../lib/labels.ts';
import {
  chooseMachines,
  EMPTY_SELECTOR_SENTENCE,
  formatSelector,
  type Labels,
  matchSelector,
  MAX_SELECTOR_LENGTH,
  MAX_SELECTOR_TERMS,
  MAX_TERM_VALUES,
  parseSelector,
  type Selector,
  type SelectorTerm,
  specificityOf,
} from './selector.ts';

describe('the text of a selector', () => {
  for (const [text, expected] of [
    ['', []],
    ['  ', []],
    ['rack=a', [{ is: 'equal', key: 'rack', value: 'a' }]],
    ['rack==a', [{ is: 'equal', key: 'rack', value: 'a' }]],
    [' rack = a ', [{ is: 'equal', key: 'rack', value: 'a' }]],
    ['rack=', [{ is: 'equal', key: 'rack', value: '' }]],
    [
      'rack!=,gpu',
      [
        { is: 'not equal', key: 'rack', value: '' },
        { is: 'there', key: 'gpu' },
      ],
    ],
    ['env in (lab, test)', [{ is: 'one of', key: 'env', values: ['lab', 'test'] }]],
    ['env notin(x)', [{ is: 'none of', key: 'env', values: ['x'] }]],
    ['!old', [{ is: 'absent', key: 'old' }]],
    ['in in (in)', [{ is: 'one of', key: 'in', values: ['in'] }]],
    ['notin', [{ is: 'there', key: 'notin' }]],
    ['example.org/rack=R.2_b-3', [{ is: 'equal', key: 'example.org/rack', value: 'R.2_b-3' }]],
  ] as const) {
    test(`"${text}" is read`, () => {
      expect(parseSelector(text)).toEqual(expected);
    });
  }

  for (const [text, message] of [
    [',', 'column 1: "," is there, and the key of a label is wanted'],
    ['rack=a,', 'column 8: the end is there, and the key of a label is wanted'],
    ['rack=a role=db', 'column 8: "r" is there, and "," or the end is wanted'],
    ['env in lab', 'column 8: "l" is there, and "(" is wanted'],
    ['env in ()', 'column 9: ")" is there, and a value is wanted'],
    ['env in (a', 'column 10: the end is there, and "," or ")" is wanted'],
    ['rack>1', /^column 1: "rack>1" is not the key of a label: at most 63 letters/],
    ['gpu (a)', /^column 5: "\(" is there, and "=", "!=", "in \(…\)"/],
    ['a=b,-x=1', /^column 5: "-x" is not the key/],
    ['Example.org/x', /^column 1: .*before the "\/" a domain name is wanted/],
    ['rack=ä', /^column 6: "ä" is not the value of a label/],
    [`rack=${'a'.repeat(MAX_LABEL_LENGTH + 1)}`, /^column 6: .* at most 63/],
    ['x'.repeat(MAX_SELECTOR_LENGTH + 1), /^column 4097: .*at most 4096 characters is wanted/],
    [Array.from({ length: MAX_SELECTOR_TERMS + 1 }, () => 'a').join(','), /^column 129: .*at most 64 terms/],
    [
      `a in (${Array.from({ length: MAX_TERM_VALUES + 1 }, () => 'b').join(',')})`,
      /^column 519: .*at most 256 values/,
    ],
  ] as const) {
    test(`"${text.slice(0, 40)}" is refused with the column and what is wanted`, () => {
      const complaint = complaintAbout(text);
      if (typeof message === 'string') expect(complaint).toBe(message);
      else expect(complaint).toMatch(message);
    });
  }

  test('every selector is read from its own text', () => {
    fc.assert(
      fc.property(selectors, (selector) => {
        expect(parseSelector(formatSelector(selector))).toEqual(selector);
      }),
    );
  });

  test('no text makes anything but a selector or a complaint with a column', () => {
    const letters = fc.constantFrom('a', '-', 'in', 'notin', ' ', ',', '=', '!', '(', ')', '/', 'ä');
    fc.assert(
      fc.property(fc.array(letters, { maxLength: 12 }), (parts) => {
        const text = parts.join('');
        const complaint = complaintAbout(text);
        if (complaint === undefined)
          expect(parseSelector(formatSelector(parseSelector(text)))).toEqual(parseSelector(text));
        else expect(complaint).toMatch(/^column \d+: .* wanted/);
      }),
    );
  });
});

describe('a match', () => {
  const labels = { rack: 'a', env: 'lab', gpu: '' };
  for (const [text, matches, because] of [
    ['rack=a', true, 'rack is "a"'],
    ['rack=a,rack!=b,!old', true, 'rack is "a", old is not set'],
    ['rack=b', false, 'rack is "a", and rack=b is wanted'],
    ['gpu,rack=b,env=x', false, 'rack is "a", and rack=b is wanted'],
    ['role=db', false, 'role is not set, and role=db is wanted'],
    ['role!=db', true, 'role is not set'],
    ['role notin (db)', true, 'role is not set'],
    ['role in (db)', false, 'role is not set, and role in (db) is wanted'],
    ['env in (x,lab)', true, 'env is "lab"'],
    ['env notin (x,lab)', false, 'env is "lab", and env notin (x,lab) is wanted'],
    ['gpu', true, 'gpu is ""'],
    ['gpu=', true, 'gpu is ""'],
    ['role=', false, 'role is not set, and role= is wanted'],
    ['!gpu', false, 'gpu is "", and !gpu is wanted'],
    ['constructor', false, 'constructor is not set, and constructor is wanted'],
    ['', false, EMPTY_SELECTOR_SENTENCE],
  ] as const) {
    test(`of "${text}" with rack=a, env=lab and an empty gpu is ${matches}`, () => {
      expect(matchSelector(parseSelector(text), labels)).toEqual({ matches, because });
    });
  }

  test('does not depend on the order of the terms, and every term narrows it', () => {
    fc.assert(
      fc.property(selectors, labelSets, ([first, ...others], labelSet) => {
        if (!first) return;
        const whole = matchSelector([first, ...others], labelSet).matches;
        expect(matchSelector([...others, first], labelSet).matches).toBe(whole);
        if (whole) expect(matchSelector([first], labelSet).matches).toBe(true);
      }),
    );
  });
});

describe('the machines that are chosen', () => {
  const machines = ['web2', 'web10', 'db-1', 'web1'].map((name) => ({
    name,
    labels: { role: name.slice(0, 2) },
  }));

  test('stand in the order of their names, whichever order they came in', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(machines, { minLength: machines.length }), (shuffled) => {
        const chosen = chooseMachines(parseSelector('role=we'), shuffled);
        expect(chosen.map(({ machine }) => machine.name)).toEqual(['web1', 'web10', 'web2']);
        expect(chosen[0]?.because).toBe('role is "we"');
      }),
    );
  });

  test('are none for an empty selector', () => {
    expect(chooseMachines([], machines)).toEqual([]);
  });
});

test('a selector is as narrow as it has different terms', () => {
  expect(specificityOf(parseSelector('rack=a,role!=db,rack=a'))).toBe(2);
  expect(specificityOf([])).toBe(0);
});

const words = fc.constantFrom('rack', 'in', 'notin', 'a', 'R-2.b_c', 'example.org/rack');
const values = fc.constantFrom('a', 'in', 'lab', 'R-2.b_c', '0');
const terms: fc.Arbitrary<SelectorTerm> = fc.oneof(
  fc.record({
    is: fc.constantFrom('equal', 'not equal'),
    key: words,
    value: fc.oneof(values, fc.constant('')),
  }),
  fc.record({
    is: fc.constantFrom('one of', 'none of'),
    key: words,
    values: fc.array(values, { minLength: 1, maxLength: 4 }),
  }),
  fc.record({ is: fc.constantFrom('there', 'absent'), key: words }),
);
const selectors: fc.Arbitrary<Selector> = fc.array(terms, { maxLength: 6 });
const labelSets: fc.Arbitrary<Labels> = fc.dictionary(words, fc.oneof(values, fc.constant('')));

function complaintAbout(text: string): string | undefined {
  try {
    parseSelector(text);
    return undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return error.message;
    throw error;
  }
}
