import { describe, expect, test } from 'vitest';
import { findOnHost, type HostNeed, missing, requireAllOnHost } from './host-programs.ts';
import { LabRefusal } from './lab-refusal.ts';

const node: HostNeed = { name: 'Node', places: [process.execPath], debianPackage: 'nodejs' };
const absent: HostNeed = {
  name: 'a thing',
  places: ['/nonexistent/thing', 'no-such-program'],
  debianPackage: 'things',
};

describe('what the lab needs from its host', () => {
  test('is found by its path', () => expect(findOnHost(node)).toBe(process.execPath));
  test('is looked up in PATH', () => {
    expect(findOnHost({ ...node, places: ['sh'] }, '/nonexistent:/bin')).toBe('/bin/sh');
  });
  test('is not there when no place is', () => expect(findOnHost(absent)).toBeUndefined());
  test('is refused with the command that brings it, each package once', () => {
    expect(missing([absent, { ...absent, name: 'another' }]).message).toBe(
      'Not found on this computer: a thing, another. On Debian: apt-get install -y things',
    );
    expect(() => requireAllOnHost([node, absent])).toThrow(LabRefusal);
    expect(() => requireAllOnHost([node])).not.toThrow();
  });
});
