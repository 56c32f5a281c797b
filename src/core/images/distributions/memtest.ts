import type { TreeReader } from '../tree-reader.ts';
import { type Distribution, notThis, type Recognition } from './distribution.ts';
import { firstFile } from './tree-search.ts';

/**
 * Names under which it is given out. From 6 on it starts as a kernel of Linux does, on BIOS and UEFI; `memtest.bin` of
 * 5 and before is for BIOS alone. Those that discs of other systems bring along (boot/memtest) are passed over.
 */
const PROGRAMS: readonly (readonly [file: string, architecture: string])[] = [
  ['memtest64.bin', 'x86_64'],
  ['mt86p_x86_64', 'x86_64'],
  ['mt86plus64', 'x86_64'],
  ['memtest86+x64.bin', 'x86_64'],
  ['memtest86+x64.efi', 'x86_64'],
  ['mt86plus', 'x86_64'],
  ['boot/mt86plus', 'x86_64'],
  ['memtest64.efi', 'x86_64'],
  ['memtest32.bin', 'i686'],
  ['mt86p_i586', 'i686'],
  ['memtest86+x32.bin', 'i686'],
  ['memtest86+.bin', 'i686'],
];

export const memtest: Distribution = {
  family: 'memtest',
  systems: 'Memtest86+',
  looksFor: 'memtest64.bin, mt86plus or another of its names at the top',
  sources: [],
  answers: [],
  memory: 'whatever the machine has',
  recognise,
  installerArguments: () => [],
  attendedArguments: () => [],
};

async function recognise(tree: TreeReader): Promise<Recognition> {
  const program = await firstFile(
    tree,
    PROGRAMS.map(([file]) => file),
  );
  const architecture = PROGRAMS.find(([file]) => file === program)?.[1];
  if (program === undefined || architecture === undefined)
    return notThis('there is no memtest64.bin or mt86plus');
  return {
    recognised: true,
    tree: {
      family: 'memtest',
      title: 'Memtest86+',
      release: '',
      architecture,
      kernel: program,
      initrds: [],
      answerKind: 'none',
    },
  };
}
