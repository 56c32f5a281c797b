import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { WORKAROUNDS } from '../src/core/boot/workarounds.ts';
import { BOOT_NAMES } from '../test/boots-qemu/boots.ts';

describe('each workaround has the test that it names', () => {
  for (const { client, does, test: named } of WORKAROUNDS) {
    test(`${client}: ${does}`, () => {
      if ('boot' in named) {
        expect(BOOT_NAMES).toContain(named.boot);
        return;
      }
      expect(readFileSync(join(import.meta.dirname, '..', named.file), 'utf8')).toContain(named.words);
    });
  }
});
