import { once } from 'node:events';
import { expect, test } from 'vitest';
import { startThread } from './start-thread.ts';

test('startThread: runs the TypeScript of a checkout in a thread, which gets what it begins with', async () => {
  const source = new URL('./suite/echo-thread.ts', import.meta.url);
  const thread = startThread({ name: 'echo', source, begin: { word: 'hello' } });
  try {
    expect(await once(thread, 'message')).toEqual([{ word: 'hello', address: '10.0.0.1' }]);
  } finally {
    await thread.terminate();
  }
});
