/** The thread that unpacks one list: it is ahead of its reader by a few pieces, and waits. */
import { parentPort, workerData } from 'node:worker_threads';
import { type UnpackJob, unpackedHere } from './unpack-here.ts';
import { PIECES_AHEAD, type UnpackTidings } from './unpack-list.ts';

const port = parentPort;
if (!port) throw new Error('This module runs as a thread: startThread starts it');

let ahead = 0;
let goOn = (): void => undefined;
port.on('message', () => {
  ahead -= 1;
  goOn();
});

const tell = (tidings: UnpackTidings, bytes?: Uint8Array<ArrayBuffer>): void =>
  port.postMessage(tidings, bytes === undefined ? [] : [bytes.buffer]);

async function unpack(): Promise<void> {
  for await (const piece of unpackedHere(workerData as UnpackJob)) {
    if (piece.length === 0) continue;
    // A copy: where its memory lies is not known, and it goes away with the message.
    const bytes = new Uint8Array(piece);
    ahead += 1;
    tell({ is: 'piece', bytes }, bytes);
    if (ahead < PIECES_AHEAD) continue;
    await new Promise<void>((resolve) => {
      goOn = resolve;
    });
  }
}

try {
  await unpack();
  tell({ is: 'end' });
} catch (error) {
  tell({ is: 'failed', because: error instanceof Error ? error.message : String(error) });
}
