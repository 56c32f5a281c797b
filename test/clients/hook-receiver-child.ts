/** A server that takes what hooks send: `PORT FOLDER`. Each request's body and signature become files, in order; the first is answered with 500. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { HookReceiver } from '../../src/services/hooks/suite/hook-receiver.ts';

const [port = '0', folder = ''] = process.argv.slice(2);
const receiver = await HookReceiver.start(Number(port));
receiver.answers.push(500);
console.log('listening');

let kept = 0;
setInterval(() => {
  for (const { headers, body } of receiver.received.slice(kept)) {
    writeFileSync(join(folder, `body-${kept}`), body);
    console.log(
      `received ${kept} ${String(headers['muster-delivery'])} ${String(headers['muster-signature'])}`,
    );
    kept += 1;
  }
}, 20);
