import { expect, test } from 'vitest';
import { draftOf, fieldsOf, inputOf } from './draft.ts';

const GROUP = {
  name: 'rack-a',
  selector: 'rack=a',
  priority: -5,
  profile: 'web',
  arguments: 'quiet',
  variables: { timezone: 'Asia/Shanghai' },
  machines: ['web01'],
};
const { name: _name, machines: _machines, ...INPUT } = GROUP;

test('what was not changed comes back as it was, without what is not set', () => {
  expect(inputOf(draftOf(GROUP))).toEqual(INPUT);
  expect(inputOf({ ...draftOf(GROUP), profile: '' })).not.toHaveProperty('profile');
});

test('a machine that came into the group changed nothing of it', () => {
  expect(fieldsOf({ ...GROUP, machines: ['web01', 'web02'] })).toEqual(fieldsOf(GROUP));
});
