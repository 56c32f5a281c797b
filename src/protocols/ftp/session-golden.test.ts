import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { SessionPlayer } from './suite/session-player.ts';

/**
 * What curl 7.88, GNU wget 1.21, busybox 1.35 and lftp 4.9 sent to this server, recorded on its control connection, and
 * what they are answered.
 */
describe('the conversation of a real client is answered as it was recorded', () => {
  const folder = new URL('golden/', import.meta.url);
  for (const name of readdirSync(folder)) {
    test(name.replace(/\.txt$/, ''), async () => {
      const sent = readFileSync(new URL(name, folder), 'utf8')
        .split('\n')
        .filter((line) => line.startsWith('> '));
      const player = await new SessionPlayer().start();
      await player.send(...sent.map((line) => line.slice(2)));
      const dialogue = player.log.filter((line) => !line.startsWith('* '));
      await expect(`${dialogue.join('\n')}\n`).toMatchFileSnapshot(`golden/${name}`);
    });
  }
});
