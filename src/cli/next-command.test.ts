import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { EXIT } from './exit-codes.ts';
import { adviceFor } from './next-command.ts';
import { type FilledWorld, openFilledWorld } from './suite/filled-world.ts';

let filled: FilledWorld;
beforeAll(async () => {
  filled = await openFilledWorld();
});
afterAll(async () => await filled.close());

describe('a name that is not there', () => {
  for (const [line, expected] of [
    [
      'machine show worker-0002',
      /"worker-0002".*Did you mean "worker-0001"\? Which there are: muster machine ls$/,
    ],
    ['machine show nobody', /"nobody".*\. Which there are: muster machine ls$/],
    ['subnet show factory-hal', /Did you mean "factory-hall"\? Which there are: muster subnet ls$/],
    ['image show centos-8', /Did you mean "centos-7"\? Which there are: muster image ls$/],
    ['profile show database-serve', /Did you mean "database-server"\? Which there are: muster profile ls$/],
    ['profile set web --image rocky', /"rocky".* muster image ls/],
    ['wave show novembre', /Did you mean "november"\? Which there are: muster wave ls$/],
    ['hook show announcement', /Did you mean "announcements"\?/],
    ['mirror show debian-securty', /Did you mean "debian-security"\?/],
    ['group show rack-b3', /Did you mean "rack-b2"\?/],
    ['snippet show user-and-keys', /Did you mean "users-and-keys"\?/],
    ['install show i-00000000000f', /muster install ls$/],
    ['install worker-0001 --profile databse-server --erase', /"databse-server".* muster profile ls/],
    ['lease show 192.168.122.10', /muster lease ls$/],
    ['token rm t-1 -y', /muster token ls$/],
  ] as const) {
    test(`muster ${line}`, async () => {
      const { exitCode, out, err } = await filled.muster(line);
      expect([exitCode === EXIT.ok, out]).toEqual([false, '']);
      // One line, whatever goes wrong.
      expect(err.trimEnd()).toMatch(expected);
      expect(err.trimEnd().split('\n')).toHaveLength(1);
    });
  }
});

for (const [kind, name, names, expected] of [
  ['image', 'debian', [], 'There is none yet; make one: muster image add FILE.iso'],
  ['image', 'debain', ['debian'], 'Did you mean "debian"? Which there are: muster image ls'],
  ['image', 'debian', undefined, 'Which there are: muster image ls'],
  ['machine', 'x', ['web1'], 'Which there are: muster machine ls'],
] as const) {
  test(`${kind} "${name}" of ${names?.join(' ') ?? 'nobody knows what'}: ${expected}`, () => {
    expect(adviceFor(kind, name, names)).toBe(expected);
  });
}

test('a server that is not there: what to start, and how another is named', async () => {
  const { exitCode, err } = await filled.muster('machine ls --server http://127.0.0.1:1');
  expect(exitCode).toBe(EXIT.unreachable);
  expect(err).toMatch(
    /^muster: .* is `muster up` running\? \(.*\) Where it runs elsewhere, say --server URL, or set MUSTER_SERVER\n$/,
  );
});
