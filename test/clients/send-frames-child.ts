/** Sends whole Ethernet frames: `send-frames-child.ts INTERFACE HEX…`. */
import { macFromBytes } from '../../src/lib/addresses.ts';
import { loadLibc } from '../../src/os/libc.ts';

const [interfaceName = '', ...frames] = process.argv.slice(2);
const libc = loadLibc();
if ('unavailable' in libc) throw new Error(libc.because);
const index = libc.interfaceIndex(interfaceName);
if (index === undefined) throw new Error(`There is no interface ${interfaceName}`);
const fd = libc.socket('packet');
for (const hex of frames) {
  const frame = Uint8Array.from(Buffer.from(hex, 'hex'));
  libc.sendFrame(fd, index, macFromBytes(frame.subarray(0, 6)), frame);
}
libc.close(fd);
