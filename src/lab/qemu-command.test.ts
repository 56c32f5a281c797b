import { expect, test } from 'vitest';
import { parseMac } from '../lib/addresses.ts';
import { qemuCommand } from './qemu-command.ts';

test('the virtual machine is a PC with a virtio card, the network first, and nothing it was not given', async () => {
  const words = qemuCommand(
    {
      name: 'demo',
      folder: '/scratch',
      mac: parseMac('52:54:00:4d:55:01'),
      tap: 'tap0',
      disk: { path: '/scratch/disk.raw', format: 'raw' },
      bootOrder: 'nc',
      more: ['-no-reboot'],
    },
    '/scratch/demo.qmp',
  );
  await expect(`${words.join('\n')}\n`).toMatchFileSnapshot('golden/qemu-command.txt');
});
