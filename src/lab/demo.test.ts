import { expect, test } from 'vitest';
import { commandsOf } from './demo.ts';

test('the demo uses the commands that a user would', async () => {
  const text = commandsOf('/srv/tiny').map((words) => `muster ${words.join(' ')}\n`);
  await expect(text.join('')).toMatchFileSnapshot('golden/demo-commands.txt');
});
