import { expect, test } from 'vitest';
import { readClaims } from './claims-query.ts';

const UUID = '4c4c4544-0044-4810-8031-b4c04f564231';

for (const [title, query, expected] of [
  ['nothing is said where nothing was asked', { other: 'x' }, undefined],
  ['all may be empty', { uuid: '', serial: '', asset: '' }, { uuids: [] }],
  [
    'all may be there',
    { uuid: UUID.toUpperCase(), serial: ' S1 ', asset: 'T1' },
    { uuids: [UUID], serial: 'S1', assetTag: 'T1' },
  ],
  ['what cannot be read is not said', { uuid: 'x', serial: 'ä', asset: 'x'.repeat(65) }, { uuids: [] }],
] as const) {
  test(title, () => {
    expect(readClaims(new Map(Object.entries(query)))).toEqual(expected);
  });
}
