import { expect, test } from 'vitest';
import { wrongImports } from './check-imports.ts';

test.each([
  ['a layer imports one below it', 'core/boot/x.ts', "import { a } from '../../lib/a.ts';"],
  [
    'the shell of a protocol uses the operating system',
    'protocols/dhcp/socket.ts',
    "import { a } from '../../os/libc.ts';",
  ],
  ['a service uses Node', 'services/x.ts', "import { open } from 'node:fs/promises';"],
  ['a comment names a clock', 'core/x.ts', '// not Date.now()'],
])('nothing is wrong when %s', (_, file, text) => {
  expect(wrongImports(file, text)).toEqual([]);
});

test.each([
  ['up the list', 'lib/x.ts', "import { a } from '../core/a.ts';", 'lib stands below core'],
  [
    'to a neighbour',
    'services/x.ts',
    "import { a } from '../store/a.ts';",
    'services and store are neighbours and do not know each other',
  ],
  [
    'from one protocol to another',
    'protocols/tftp/x.ts',
    "import { a } from '../dhcp/a.ts';",
    'protocol tftp knows protocol dhcp',
  ],
  [
    'of I/O in a pure file',
    'protocols/tftp/packet.ts',
    "import { a } from 'node:fs';",
    'imports node:fs, but it is pure: no I/O, no clock, no randomness',
  ],
  [
    'of a module that one file owns',
    'os/x.ts',
    "import koffi from 'koffi';",
    'imports koffi, which only ^os\\/libc\\/foreign-calls\\.ts$ may know',
  ],
  [
    'of such a module by require',
    'os/libc.ts',
    "const koffi = createRequire(import.meta.url)('koffi');",
    'imports koffi, which only ^os\\/libc\\/foreign-calls\\.ts$ may know',
  ],
  [
    'of the clock',
    'core/x.ts',
    'const now = Date.now();',
    'uses Date.now, but it is pure: such values are handed in',
  ],
  [
    'of types, across lines',
    'lib/x.ts',
    "import type {\n  A,\n} from '../core/a.ts';",
    'lib stands below core',
  ],
])('an import %s is named', (_, file, text, sentence) => {
  expect(wrongImports(file, text)).toEqual([`src/${file}: ${sentence}`]);
});
