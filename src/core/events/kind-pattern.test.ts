import { expect, test } from 'vitest';
import { readKinds } from './kind-pattern.ts';

for (const [text, kinds] of [
  ['power.failed', ['power.failed']],
  ['power.failed, power.f*', ['power.failed']],
  ['hook.*', /^hook\./],
  ['install.*', /^install\./],
  ['*', /./],
] as const) {
  test(`"${text}" means ${String(kinds)}`, () => {
    const read = readKinds(text);
    if (Array.isArray(kinds)) expect(read).toEqual(kinds);
    else {
      expect(read.length).toBeGreaterThan(1);
      for (const kind of read) expect(kind).toMatch(kinds as RegExp);
    }
  });
}

for (const text of ['', 'nonsense.*', 'install.*,nonsense', 'install.*,', 'INSTALL.*']) {
  test(`"${text}" fits no kind, and that is said`, () => {
    expect(() => readKinds(text)).toThrow('fits no kind of event: docs/events.md has them all');
  });
}
