import { describe, expect, test } from 'vitest';
import { renderAnswer, sampleImage, sampleMachine, URLS } from '../suite/answer-samples.ts';

function unattend(name: string, variables: Readonly<Record<string, string>> = {}) {
  return renderAnswer({
    kind: 'unattend',
    machine: { ...sampleMachine(), name },
    profile: { name: 'desks', variables },
    image: sampleImage('Windows', '', 'unattend'),
    urls: URLS,
  });
}

describe('Windows takes the name of a machine', () => {
  for (const [name, isTaken] of [
    ['desk-12', true],
    ['abcdefghijklmno', true],
    ['abcdefghijklmnop', false],
    ['12', false],
    ['12a', true],
    ['1a2', true],
  ] as const) {
    test(`${name}: ${isTaken ? 'as it is' : 'refused, with what to do'}`, () => {
      const answer = unattend(name);
      expect(answer).toMatchObject({ rendered: isTaken });
      const told = answer.rendered ? answer.text : answer.because;
      expect(told).toContain(
        isTaken ? `<ComputerName>${name}</ComputerName>` : `${name} is none: give the machine another name`,
      );
    });
  }
});

test('the domain stands where the DNS client of Windows looks for it', () => {
  const answer = unattend('desk-12', { domain: 'example.org' });
  expect(answer.rendered ? answer.text : '').toMatch(
    /<component name="Microsoft-Windows-DNS-Client" [^>]*>\s*<DNSDomain>example\.org<\/DNSDomain>/,
  );
});
