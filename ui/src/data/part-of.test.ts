import { expect, test } from 'vitest';
import { partOf } from './part-of.ts';

const POLICY = { unknownMachines: 'menu', installs: { attempts: 2, minutes: 9 }, rules: [{ name: 'a' }] };

for (const [title, shape, part] of [
  ['one field', { unknownMachines: 'ignore' }, { unknownMachines: 'menu' }],
  ['a field of a field', { installs: { attempts: 3 } }, { installs: { attempts: 2 } }],
  ['a list as a whole', { rules: [] }, { rules: [{ name: 'a' }] }],
  ['what is not there', { menu: { title: 'x' } }, { menu: undefined }],
] as const)
  test(`the part of a thing that a change is about: ${title}`, () =>
    expect(partOf(shape, POLICY)).toEqual(part));
