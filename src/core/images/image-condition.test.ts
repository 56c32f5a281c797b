import { describe, expect, test } from 'vitest';
import { checksumText, type ImageCondition, objectionToImage, stateOfImage } from './image-condition.ts';

const WELL: ImageCondition = { identity: '1', checksum: { state: 'alone' } };
const DIFFERS = { state: 'differs', from: 'SHA256SUMS', because: 'its sha256 is aa, and not bb' } as const;
const DISC = { form: 'ISO 9660', label: 'X', bytes: 10, missingBytes: 0 };

describe('an image', () => {
  for (const [name, condition, state, objection] of [
    ['of which nothing is known boots', undefined, 'good', undefined],
    ['that nothing is wrong with boots', WELL, 'good', undefined],
    ['boots while it is checked', { ...WELL, checksum: { state: 'waiting' } }, 'checking', undefined],
    [
      'whose checksum could not be computed boots',
      { ...WELL, checksum: { state: 'unreadable', because: 'x' } },
      'good',
      undefined,
    ],
    [
      'that is gone does not boot, even by force',
      { ...WELL, trouble: { kind: 'missing', because: '/a.iso is not there' }, force: true },
      'missing',
      /^image x is missing: \/a.iso is not there$/,
    ],
    [
      'that is damaged does not boot',
      { ...WELL, checksum: DIFFERS },
      'damaged',
      /^image x is damaged: its sha256 is aa, .*muster image check x --force$/,
    ],
    ['that is damaged boots by force', { ...WELL, checksum: DIFFERS, force: true }, 'forced', undefined],
    [
      'that is cut off does not boot',
      { ...WELL, disc: { ...DISC, missingBytes: 5 } },
      'damaged',
      /^image x is cut off: 5 bytes/,
    ],
    ['that is whole boots', { ...WELL, disc: DISC }, 'good', undefined],
  ] as const) {
    test(name, () => {
      const image = { name: 'x', ...(condition === undefined ? {} : { condition }) };
      expect(stateOfImage(image)).toBe(state);
      if (objection === undefined) expect(objectionToImage(image)).toBeUndefined();
      else expect(objectionToImage(image)).toMatch(objection);
    });
  }
});

describe('the state of a checksum says', () => {
  for (const [checksum, percent, text] of [
    [{ state: 'waiting' }, 34, 'checking 34 %'],
    [{ state: 'waiting' }, undefined, 'waits to be checked'],
    [{ state: 'matches', sha256: 'ab', from: 'SHA256SUMS' }, undefined, 'sha256 ab matches SHA256SUMS'],
    [{ state: 'matches', from: '.treeinfo' }, undefined, 'matches .treeinfo'],
    [DIFFERS, undefined, 'does not match SHA256SUMS: its sha256 is aa, and not bb'],
    [{ state: 'alone', sha256: 'ab' }, undefined, 'sha256 ab nothing to compare with'],
  ] as const) {
    test(text, () => expect(checksumText(checksum, percent)).toBe(text));
  }
});
