import { afterAll } from 'vitest';
import { TftpPlane } from './plane.ts';
import { tftpServerContract } from './suite/tftp-server-contract.ts';
import { systemLibc } from '../../os/suite/system-libc.ts';

const plane = new TftpPlane({
  libc: systemLibc(),
  threads: 1,
  dataPort: 'shared',
  report: (what, error) => {
    if (what === 'failed') throw error;
  },
  restarted: ({ because }) => {
    throw new Error(`The plane died: ${because}`);
  },
});
afterAll(() => plane.close());

tftpServerContract('the plane', (options) => plane.serve(options));
