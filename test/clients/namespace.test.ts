import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { describeInNamespace, makeNamespace } from './namespace.ts';

const isAlive = (pid: number): boolean => {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
};

describeInNamespace('a network namespace of one’s own', () => {
  test('shows its own interfaces, in the kernel and in /sys, and no others', async () => {
    const namespace = await makeNamespace();
    try {
      await namespace.ip('link add only0 type bridge', 'link set only0 up');
      const { stdout } = await namespace.run('ls', ['/sys/class/net']);
      expect(stdout.split('\n')).toEqual(expect.arrayContaining(['lo', 'only0']));
      expect(stdout).not.toMatch(/eth0/);
    } finally {
      await namespace.close();
    }
  });

  test('tells the exit code and what was said, and ends what takes too long', async () => {
    const namespace = await makeNamespace();
    try {
      expect(await namespace.tryRun('sh', ['-c', 'cat; exit 3'], { input: 'said' })).toMatchObject({
        code: 3,
        stdout: 'said',
      });
      await expect(namespace.run('false', [])).rejects.toThrow('false exited with 1');
      expect(await namespace.tryRun('sleep', ['60'], { timeoutMs: 200 })).toMatchObject({
        signal: 'SIGKILL',
      });
    } finally {
      await namespace.close();
    }
  });

  test('takes everything in it away when it is closed, also what left its process group', async () => {
    const namespace = await makeNamespace();
    const program = namespace.start('sh', ['-c', 'setsid sleep 60 & echo left $!; wait']);
    const [, escaped] = await program.waitFor(/left (\d+)/);
    expect(isAlive(Number(escaped))).toBe(true);
    await namespace.close();
    expect(isAlive(Number(escaped))).toBe(false);
    expect(isAlive(namespace.pid)).toBe(false);
  });

  test('is gone with its programs when the process that made it is killed', async () => {
    const source = `
      import { makeNamespace } from './test/clients/namespace.ts';
      const namespace = await makeNamespace();
      const program = namespace.start('sleep', ['60']);
      console.log('made', namespace.pid, program.pid);
      setInterval(() => {}, 1000);`;
    const maker = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', source]);
    const made = await new Promise<string>((resolve, reject) => {
      maker.stdout.setEncoding('utf8').on('data', resolve);
      maker.stderr.setEncoding('utf8').on('data', reject);
    });
    const pids = made.trim().split(' ').slice(1).map(Number);
    expect(pids.every(isAlive)).toBe(true);
    maker.kill('SIGKILL');
    for (let tried = 0; tried < 50 && pids.some(isAlive); tried++) await sleep(100);
    expect(pids.filter(isAlive)).toEqual([]);
  });
});
