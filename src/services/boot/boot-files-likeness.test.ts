import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { makeMachineWorld, type MachineWorld, SERVER, STRANGER } from '../../servers/suite/machine-world.ts';

let world: MachineWorld;

beforeEach(async () => {
  world = await makeMachineWorld();
});
afterEach(async () => {
  await world.events.settled();
  await world.close();
});

async function ask(name: string) {
  const answer = await world.bootFiles.openTftp({ name, clientAddress: STRANGER, localAddress: SERVER });
  if (answer.found) await answer.source.close();
  return answer;
}

function write(...paths: readonly string[]): void {
  for (const path of paths) world.write(join(world.tftpRoot, path), path);
}

describe('what Windows programs ask for', () => {
  for (const [name, label] of [
    ['\\boot\\bcd', 'Boot/BCD'],
    ['/BOOT/BCD', 'Boot/BCD'],
    ['\\\\192.168.122.1\\REMINST\\Boot\\BCD', 'Boot/BCD'],
    ['\\\\server\\boot\\BCD', 'Boot/BCD'],
  ] as const) {
    test(`${name} is ${label}, and the timeline says how it was asked for`, async () => {
      write('Boot/BCD');
      expect(await ask(name)).toMatchObject({ found: true, label, because: `it was asked for as "${name}"` });
    });
  }

  test('the exact name is taken where there is one, and nothing is said', async () => {
    write('Boot/BCD', 'boot/bcd');
    const answer = await ask('\\boot\\bcd');
    expect(answer).toMatchObject({ found: true, label: 'boot/bcd' });
    expect(answer.found && answer.because).toBeUndefined();
  });
});

test('a file of an image may be asked for in other letters', async () => {
  expect(await ask('IMAGES/Debian/install/LINUX')).toMatchObject({
    found: true,
    label: 'IMAGES/Debian/install/linux',
  });
});

test('two names that differ only by case: neither is given, and both are named', async () => {
  write('Boot/BCD', 'boot/BCD');
  const answer = await ask('BOOT/BCD');
  expect(answer).toMatchObject({ found: false });
  expect(answer.found ? '' : answer.because).toMatch(/"Boot" and "boot" differ from it only by case/);
});

test('a missing file’s reason names the nearest that is there', async () => {
  write('tools/memtest.bin');
  const answer = await ask('tools/memtst.bin');
  expect(answer.found ? '' : answer.because).toMatch(/"tools\/memtest.bin" is there/);
});

test('a name that is expected to be missing gets no hint', async () => {
  write('grub.cfg-1');
  const answer = await ask('grub.cfg-2');
  expect(answer).toMatchObject({ found: false, expected: true });
  expect(answer.found ? '' : answer.because).not.toMatch(/is there/);
});

test('a configuration is never found by its likeness to another name', async () => {
  write('pxelinux.cfg/01-52-54-00-00-00-02');
  expect(await ask('PXELINUX.CFG/01-52-54-00-00-00-02')).toMatchObject({ found: false });
});
