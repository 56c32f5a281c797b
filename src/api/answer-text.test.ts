import { expect, test } from 'vitest';
import { ROUTES } from '../contract/routes.ts';
import { answerText, ITEMS_AT_ONCE } from './answer-text.ts';

function machines(count: number) {
  return Array.from({ length: count }, (_, at) => ({
    id: `m-${at}`,
    name: `web-"${at}"`,
    macs: ['02:00:00:00:00:01'],
    labels: { rack: 'ä' },
    variables: {},
    createdAt: '2026-01-01T00:00:00.000Z',
    token: 'a field that the contract does not name',
  }));
}

for (const [what, output] of [
  ['no items', { items: [] }],
  ['as many as are made at once', { items: machines(ITEMS_AT_ONCE), next: 'x', total: 7 }],
  ['one more', { items: machines(ITEMS_AT_ONCE + 1), total: 7 }],
  ['many, with fields before and behind them', { next: 'x', items: machines(3 * ITEMS_AT_ONCE), total: 7 }],
] as const) {
  test(`a list of ${what} is the same text as in one piece`, async () => {
    const inOnePiece = JSON.stringify(ROUTES.listMachines.output.parse(output));
    expect(await answerText('listMachines', output)).toBe(inOnePiece);
  });
}

test('others have their turn while a long list is made into text', async () => {
  let turns = 0;
  const count = (): void => {
    turns += 1;
    if (turns < 100) setImmediate(count);
  };
  setImmediate(count);
  await answerText('listMachines', { items: machines(10 * ITEMS_AT_ONCE) });
  expect(turns).toBeGreaterThanOrEqual(9);
});

test('an item that does not fit, in whichever part, is an error and no answer', async () => {
  const items = [...machines(2 * ITEMS_AT_ONCE), { name: 'nothing else' }];
  await expect(answerText('listMachines', { items })).rejects.toThrow('invalid');
});

test('whoever sees everything but secrets sees none in any part of a long list', async () => {
  const items = machines(2 * ITEMS_AT_ONCE + 1).map((one) => ({
    ...one,
    variables: { root_password_hash: '$6$salt$hash', timezone: 'UTC' },
  }));
  const text = await answerText('listMachines', { items }, 'hidden');
  expect(text).not.toContain('$6$');
  expect(text.match(/"root_password_hash":"\(secret\)","timezone":"UTC"/g)).toHaveLength(items.length);
  expect(await answerText('listMachines', { items })).toContain('$6$');
});
