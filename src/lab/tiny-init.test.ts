import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { TINY_ARGUMENTS, TINY_INIT, TINY_WORDS } from './tiny-init.ts';

describe('the init of the tiny distribution', () => {
  test('is a program the shell can read', () => {
    const checked = spawnSync('sh', ['-n'], { input: TINY_INIT });
    expect(checked.stderr.toString()).toBe('');
    expect(checked.status).toBe(0);
  });

  for (const word of Object.keys(TINY_WORDS)) {
    test(`says ${word}`, () => expect(TINY_INIT).toMatch(new RegExp(`(say|fail\\(\\).*) "${word} `, 's')));
  }

  test('reads no argument of its own that the table leaves out', () => {
    const read = [...TINY_INIT.matchAll(/argument (tiny\.[a-z]+)/g)].map((match) => match[1]);
    // These two the installer itself writes for the installed system.
    const own = read.filter((name) => name !== 'tiny.installed' && name !== 'tiny.report');
    expect(new Set(own)).toEqual(new Set(Object.keys(TINY_ARGUMENTS)));
  });
});
