import { describe, expect, test } from 'vitest';
import { parseIpv4 } from '../../lib/addresses.ts';
import { DhcpOptions, DhcpOptionsBuilder, type OptionRow, Options } from './options.ts';

const ROWS: readonly OptionRow<unknown>[] = Object.values(Options);

describe('the option table', () => {
  test('has each code once, in order', () => {
    const codes = ROWS.map((row) => row.code);
    expect(codes).toEqual([...new Set(codes)].sort((one, other) => one - other));
  });

  test('has each name and alias once', () => {
    const names = ROWS.flatMap((row) => [row.name, ...(row.alias === undefined ? [] : [row.alias])]);
    expect(names).toHaveLength(new Set(names).size);
  });
});

describe('DhcpOptions', () => {
  const options = new DhcpOptionsBuilder()
    .set(Options.messageType, 1)
    .set(Options.router, [parseIpv4('10.0.0.1')])
    .setRaw(224, Uint8Array.of(1, 2))
    .build();

  test('gives values typed by their row, raw bytes, and the codes in order', () => {
    expect(options.get(Options.router)).toEqual(['10.0.0.1']);
    expect(options.raw(224)).toEqual(Uint8Array.of(1, 2));
    expect(options.codes).toEqual([53, 3, 224]);
    expect(options.has(Options.messageType)).toBe(true);
    expect(options.has(Options.hostname)).toBe(false);
    expect(options.get(Options.hostname)).toBeUndefined();
    expect(DhcpOptions.none.codes).toEqual([]);
  });

  test('takes a value that does not fit its format for missing, and keeps its bytes', () => {
    const odd = new DhcpOptionsBuilder().setRaw(Options.addressRequest.code, Uint8Array.of(1)).build();
    expect(odd.get(Options.addressRequest)).toBeUndefined();
    expect(odd.has(Options.addressRequest)).toBe(true);
    expect(odd.raw(50)).toEqual(Uint8Array.of(1));
  });
});

describe('DhcpOptionsBuilder', () => {
  test('replaces a value in its place, and forgets one', () => {
    const builder = new DhcpOptionsBuilder().set(Options.hostname, 'a').set(Options.domainName, 'b');
    const built = builder.set(Options.hostname, 'c').build();
    expect(built.codes).toEqual([12, 15]);
    expect(built.get(Options.hostname)).toBe('c');
    expect(builder.delete(12).build().codes).toEqual([15]);
    expect(built.codes).toEqual([12, 15]);
  });

  test('refuses what is no option', () => {
    for (const code of [0, 255, -1, 256, 1.5, Number.NaN])
      expect(() => new DhcpOptionsBuilder().setRaw(code, new Uint8Array(0))).toThrow(/from 1 to 254/);
  });

  test('refuses option 52, which is about the wire', () => {
    expect(() => new DhcpOptionsBuilder().set(Options.overload, 1)).toThrow(/Overload/);
  });
});
