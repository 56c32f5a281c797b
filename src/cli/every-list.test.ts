import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { createProgram } from './create-program.ts';
import { EXIT } from './exit-codes.ts';
import { NO_LOCAL_COMMANDS } from './suite/captured-terminal.ts';
import { type FilledWorld, openFilledWorld } from './suite/filled-world.ts';
import { leafCommands } from './suite/leaf-commands.ts';
import { widthOf } from './text-width.ts';

/** What is read, and how: every command that is called like one of these has its line below. */
const READING =
  /(?:^| )(?:ls|show|status|facts|variables|deliveries|tree|media|explain|events|render|export|audit|whoami|throughput)$/;

/** Commands that write a text which is a file of its own, whatever form was asked for. */
const FILES = new Set(['export', 'machine export']);
/** A local command, tried with the settings (src/daemon). */
const LOCAL = new Set(['config show']);

const LINES: readonly string[] = [
  'subnet ls',
  'subnet show factory-hall',
  'lease ls',
  'lease show 192.168.122.101',
  'machine ls',
  'machine show worker-0001',
  'machine facts worker-0001',
  'machine variables rack3-database',
  'machine media rack3-database',
  'image ls',
  'image show centos-7',
  'image tree centos-7',
  'mirror ls',
  'mirror show debian-security',
  'snippet ls',
  'snippet show users-and-keys',
  'profile ls',
  'profile show database-server',
  'profile render rack3-database',
  'profile variables',
  'group ls',
  'group show rack-b2',
  'install ls',
  'install show rack3-database',
  'wave ls',
  'wave show november',
  'hook ls',
  'hook show announcements',
  'hook deliveries announcements',
  'power ls',
  'power show worker-0001',
  'power status worker-0001',
  'boot ls',
  'explain worker-0001',
  'loaders ls',
  'events',
  'status',
  'policy show',
  'user ls',
  'user show anna',
  'token ls',
  'audit',
  'whoami',
  'throughput',
];

let filled: FilledWorld;
beforeAll(async () => {
  process.env['TZ'] = 'UTC';
  filled = await openFilledWorld();
});
afterAll(async () => await filled.close());

test('every command that lists or shows is tried here', () => {
  const program = createProgram(NO_LOCAL_COMMANDS, { version: '1.2.3' });
  const reading = leafCommands(program)
    .map(({ path }) => path)
    .filter((path) => READING.test(path) && !FILES.has(path) && !LOCAL.has(path));
  const missing = reading.filter(
    (path) => !LINES.some((line) => line === path || line.startsWith(`${path} `)),
  );
  expect(missing).toEqual([]);
});

for (const line of LINES) {
  describe(`muster ${line}`, () => {
    test('-o json is JSON, and -o yaml the same in YAML', async () => {
      const json = await filled.muster(`${line} -o json`);
      const yaml = await filled.muster(`${line} -o yaml`);
      expect([json.exitCode, yaml.exitCode], json.err).toEqual([EXIT.ok, EXIT.ok]);
      const value: unknown = JSON.parse(json.out);
      expect(typeof value).toBe('object');
      expect(parse(yaml.out)).toEqual(value);
    });

    test('-o name is one name a line', async () => {
      const { exitCode, out } = await filled.muster(`${line} -o name`);
      expect(exitCode).toBe(EXIT.ok);
      // What is a file or an address of the web has no blanks either.
      for (const name of out.split('\n').slice(0, -1)) expect(name).toMatch(/^\S+$/);
    });

    test('for people it is whole where no terminal is, and says how it is where one is', async () => {
      const whole = await filled.muster(line);
      expect([whole.exitCode, whole.out.includes('…')], whole.err).toEqual([EXIT.ok, false]);
      const { exitCode, out } = await filled.muster(line, { outIsTerminal: true, columns: 80 });
      expect([exitCode, out === ''], line).toEqual([EXIT.ok, whole.out === '']);
    });
  });
}

for (const line of LINES.filter((one) => / (?:ls|variables|deliveries)\b/.test(one))) {
  test(`muster ${line} fits a terminal of 80 columns, and names, ids and MAC addresses are whole`, async () => {
    const { out } = await filled.muster(line, { outIsTerminal: true, columns: 80, environment: plain() });
    for (const shown of out.split('\n')) expect(widthOf(shown), shown).toBeLessThanOrEqual(80);
    const names = (await filled.muster(`${line} -o name`)).out.split('\n').slice(0, -1);
    for (const name of names) expect(out).toContain(name);
    for (const cut of out.matchAll(/\S+…/g))
      expect(cut[0]).not.toMatch(/^(?:[\da-f]{2}:){1,5}|^[im]-[\da-f]+…/);
  });
}

for (const line of ['audit', 'throughput']) {
  test(`muster ${line}, which names nothing, fits a terminal of 80 columns`, async () => {
    const { out } = await filled.muster(line, { outIsTerminal: true, columns: 80, environment: plain() });
    for (const shown of out.split('\n')) expect(widthOf(shown), shown).toBeLessThanOrEqual(80);
  });
}

/** Colours take no place, but would be counted. */
function plain(): Readonly<Record<string, string>> {
  return { MUSTER_SERVER: filled.api.url, NO_COLOR: '1' };
}
