import { expect, test } from 'vitest';
import { type ChangeOutcome, changeCarefully } from './careful-change.ts';
import { AskProblem } from './client.ts';

interface Group {
  readonly selector: string;
  readonly machines: readonly string[];
}

/** A server that keeps one group; its tag is what it keeps. */
class Server {
  group: Group = { selector: 'rack=a', machines: ['web01'] };

  read = () => Promise.resolve({ thing: this.group, tag: JSON.stringify(this.group) });

  write = (selector: string) => (tag: string) => {
    if (tag !== JSON.stringify(this.group))
      return Promise.reject(new AskProblem({ type: 'changed', title: '', status: 412, detail: 'changed' }));
    this.group = { ...this.group, selector };
    return Promise.resolve(this.group);
  };

  async change(was: Awaited<ReturnType<Server['read']>>, selector: string): Promise<ChangeOutcome<Group>> {
    const fieldsOf = ({ selector: chosen }: Group): unknown => ({ selector: chosen });
    return await changeCarefully({ was, read: this.read, write: this.write(selector), fieldsOf });
  }
}

test('what nobody else changed is written', async () => {
  const server = new Server();
  const outcome = await server.change(await server.read(), 'rack=b');
  expect(outcome).toEqual({ is: 'done', now: await server.read() });
  expect(server.group.selector).toBe('rack=b');
});

test('what somebody else changed stays, and is told', async () => {
  const server = new Server();
  const was = await server.read();
  server.group = { ...server.group, selector: 'rack=c' };
  expect(await server.change(was, 'rack=b')).toEqual({
    is: 'changed',
    meanwhile: {
      theirs: await server.read(),
      differences: [{ path: 'selector', before: 'rack=a', after: 'rack=c' }],
    },
  });
  expect(server.group.selector).toBe('rack=c');
});

test('what they changed besides is no reason to ask, and stays', async () => {
  const server = new Server();
  const was = await server.read();
  server.group = { ...server.group, machines: ['web01', 'web02'] };
  expect(await server.change(was, 'rack=b')).toMatchObject({ is: 'done' });
  expect(server.group).toEqual({ selector: 'rack=b', machines: ['web01', 'web02'] });
});

test('who changes it right after it was written is found by the next change', async () => {
  const server = new Server();
  const { read } = server;
  const was = await read();
  server.read = async () => {
    server.group = { ...server.group, selector: 'rack=c' };
    return await read();
  };
  const outcome = await server.change(was, 'rack=b');
  server.read = read;
  if (outcome.is !== 'done') throw new Error('it was to be written');
  expect(await server.change(outcome.now, 'rack=d')).toMatchObject({
    is: 'changed',
    meanwhile: { differences: [{ before: 'rack=b', after: 'rack=c' }] },
  });
});

test('any other "no" is handed on', async () => {
  const refused = new AskProblem({ type: 'refused', title: '', status: 409, detail: 'no' });
  const server = new Server();
  const { read } = server;
  const write = (): Promise<Group> => Promise.reject(refused);
  await expect(changeCarefully({ was: await read(), read, write, fieldsOf: (group) => group })).rejects.toBe(
    refused,
  );
});
