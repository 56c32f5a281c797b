import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { PAST_PROXY } from './past-proxy.ts';

const GOLDENS = new URL('golden/', import.meta.url);

/** Programs that speak with Muster; those of Windows and Proxmox are told no proxy. */
const PROGRAM = /\b(?:curl|wget|python) -/;
const CALL = /\b(?:curl|wget|python) -.*(?:\/installs\/|--data-binary)/;

/** The lines of all scripts in it, those in base64 and those in JSON among them. */
function linesOf(golden: string): readonly string[] {
  const text = readFileSync(new URL(golden, GOLDENS), 'utf8');
  const hidden = [...text.matchAll(/data:;base64,([\w+/=]+)/g)].map(([, data = '']) =>
    Buffer.from(data, 'base64').toString('utf8'),
  );
  return [text, ...hidden].flatMap((script) => script.split(/\\n|\n/));
}

describe('whatever asks Muster or tells it goes past the proxy of the packages, in', () => {
  const told = readdirSync(GOLDENS).filter((name) => !name.startsWith('windows'));
  for (const golden of told.filter((name) => linesOf(name).some((line) => CALL.test(line)))) {
    test(golden, () => {
      for (const line of linesOf(golden).filter((one) => CALL.test(one)))
        expect(line.split(PAST_PROXY).length, line).toBe(line.split(PROGRAM).length);
    });
  }

  test('files of every family that has scripts', () => {
    const names = told.filter((name) => linesOf(name).some((line) => CALL.test(line))).join(' ');
    for (const family of ['centos-5', 'el-9', 'debian', 'ubuntu', 'leap-15', 'leap-16', 'coreos', 'flatcar'])
      expect(names).toContain(family);
    for (const family of ['alpine', 'arch']) expect(names).toContain(family);
  });
});
