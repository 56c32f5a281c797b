import { describe, expect, test } from 'vitest';
import { LiveTimeline } from './live-timeline.ts';
import { amountText } from './timeline-picture.ts';

function screen(
  isTTY: boolean,
  columns = 60,
): { written: string; isTTY: boolean; columns: number; write(text: string): void } {
  return {
    written: '',
    isTTY,
    columns,
    write(text: string) {
      this.written += text;
    },
  };
}

const event = (kind: string, text: string, because?: string) =>
  ({
    from: 'timeline',
    event: { id: 1, at: '2026-01-01T00:00:00Z', kind, text, ...(because === undefined ? {} : { because }) },
  }) as const;

describe('amountText', () => {
  for (const [data, expected] of [
    [{ bytes: 14_186_432, bytesPerSecond: 4_095_390 }, ' (14.2 MB, 4.1 MB/s)'],
    [{ bytes: 119_524, bytesPerSecond: 160_005 }, ' (120 kB, 160 kB/s)'],
    [{ bytes: 420, bytesPerSecond: 10_244 }, ' (420 B)'],
    [{ bytes: 14_186_432 }, ' (14.2 MB)'],
    [{ boot: 'menu' }, ''],
    [undefined, ''],
  ] as const) {
    test(`of ${JSON.stringify(data)} is "${expected}"`, () => expect(amountText(data)).toBe(expected));
  }
});

describe('LiveTimeline', () => {
  test('writes plain lines where there is no terminal, each once and with the seconds', () => {
    const out = screen(false);
    let nowMs = 1_000;
    const timeline = new LiveTimeline(out, { LANG: 'C.UTF-8' }, () => nowMs);
    timeline.start();
    nowMs = 4_200;
    timeline.take(event('dhcp.acknowledged', 'demo has 192.168.122.100'));
    timeline.take(event('boot.decided', 'demo boots the installer', 'install i-1 is requested'));
    timeline.stop();
    expect(out.written).toBe(
      '  3.2 s  dhcp.acknowledged     demo has 192.168.122.100\n' +
        '  3.2 s  boot.decided          demo boots the installer (because install i-1 is requested)\n',
    );
  });

  test('lets nothing reach the terminal that a machine chose to send', () => {
    const out = screen(false);
    const timeline = new LiveTimeline(out, {}, () => 0);
    timeline.take(event('dhcp.acknowledged', 'host \u001B[31mred\u0007 has an address'));
    expect(out.written).not.toContain('\u001B');
    expect(out.written).toContain('host red has an address');
  });

  test('on a terminal the block is drawn below, goes up before the next line, and stays at the end', () => {
    const out = screen(true);
    const timeline = new LiveTimeline(out, { LANG: 'C', NO_COLOR: '1' }, () => 0);
    timeline.start();
    timeline.take(event('dhcp.acknowledged', 'an address'));
    timeline.stop();
    expect(out.written).toContain('\u001B[8A\r\u001B[J');
    expect(out.written).not.toContain('m\u001B[0m');
    expect(out.written.trimEnd().endsWith('. its own disk')).toBe(true);
    const longest = out.written.split(/[\n\r]/).map((line) => line.replace('\u001B[J', '').length);
    expect(Math.max(...longest)).toBeLessThan(61);
  });
});
