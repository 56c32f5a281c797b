import { expect, test } from 'vitest';
import { linesFrom, pairsChange, pairsFrom, pairsText } from './pairs.ts';

test('Labels are words, and a value may hold the sign', () => {
  expect(pairsFrom(' rack=a1,  gpu url=a=b')).toEqual({ rack: 'a1', gpu: '', url: 'a=b' });
});

test('Variables are lines, and their values may hold spaces', () => {
  expect(linesFrom('motd=hello world\n\n dns=192.168.122.1 ')).toEqual({
    motd: 'hello world',
    dns: '192.168.122.1',
  });
});

test('They stand in their fields as they are typed', () => {
  expect(pairsText({ rack: 'a1', gpu: '' }, ' ')).toBe('rack=a1 gpu');
  expect(pairsText({ a: '1', b: '2 3' }, '\n')).toBe('a=1\nb=2 3');
});

test('A change names what is other, and what is gone', () => {
  expect(pairsChange({ rack: 'a', role: 'db', old: '' }, { rack: 'a', role: 'web', gpu: '' })).toEqual({
    old: null,
    role: 'web',
    gpu: '',
  });
  expect(pairsChange({ rack: 'a' }, { rack: 'a' })).toEqual({});
});
