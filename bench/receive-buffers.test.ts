import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { widenReceiveBuffers } from './receive-buffers.ts';
import { TYPESCRIPT_NODE } from './typescript-node.ts';

let folder = '';
let setting = '';
const value = (): string => readFileSync(setting, 'utf8').trim();

describe('a setting of the whole machine', () => {
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'muster-bench-test-'));
    setting = join(folder, 'rmem_default');
    writeFileSync(setting, '212992\n');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  test('is widened, and set back', async () => {
    const setBack = widenReceiveBuffers(setting);
    expect(value()).toBe('4194304');
    await setBack();
    expect(value()).toBe('212992');
  });

  test('is set back when the process that widened it is killed', async () => {
    const source = `
      import { widenReceiveBuffers } from ${JSON.stringify(join(import.meta.dirname, 'receive-buffers.ts'))};
      widenReceiveBuffers(${JSON.stringify(setting)});
      setInterval(() => {}, 1000);`;
    const [node, ...words] = TYPESCRIPT_NODE;
    const bench = spawn(node, [...words, '--input-type=module', '-e', source]);
    await vi.waitFor(() => expect(value()).toBe('4194304'), { timeout: 20_000 });
    bench.kill('SIGKILL');
    await once(bench, 'exit');
    await vi.waitFor(() => expect(value()).toBe('212992'), { timeout: 20_000 });
  });
});
