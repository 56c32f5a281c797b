import { mkdtemp, open, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { isOpenForWriting } from './open-for-writing.ts';

test('a file is open for writing as long as somebody has it so', async () => {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'muster-open-')));
  const path = join(folder, 'x');
  try {
    const writer = await open(path, 'w');
    expect(await isOpenForWriting(path)).toBe(true);
    await writer.close();
    const reader = await open(path, 'r');
    expect(await isOpenForWriting(path)).toBe(false);
    await reader.close();
  } finally {
    await rm(folder, { recursive: true });
  }
});
