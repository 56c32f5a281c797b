import { describe, expect, test } from 'vitest';
import { loadLibc } from './libc.ts';
import { openNotifier, watchdogEveryMs } from './notify.ts';

describe('openNotifier', () => {
  test('does nothing where no service manager listens', async () => {
    const reports: string[] = [];
    const notifier = openNotifier({
      environment: { WATCHDOG_USEC: '30000000' },
      report: (because) => reports.push(because),
    });
    expect(notifier.watchdogEveryMs).toBeUndefined();
    await notifier.ready('all is well');
    await notifier.stopping();
    expect(reports).toEqual([]);
  });

  test('says once when nobody is at the socket, and goes on', async () => {
    const reports: string[] = [];
    const libc = loadLibc();
    expect(libc).not.toHaveProperty('unavailable');
    const notifier = openNotifier({
      environment: { NOTIFY_SOCKET: '/nonexistent/notify' },
      report: (because) => reports.push(because),
      libc,
    });
    await notifier.ready('all is well');
    await notifier.watchdog();
    expect(reports).toEqual([
      'systemd is not told of this service: Cannot send to the socket "/nonexistent/notify": ENOENT (no such file or directory)',
    ]);
  });
});

describe('watchdogEveryMs', () => {
  for (const [what, environment, expected] of [
    ['half of what systemd waits', { WATCHDOG_USEC: '30000000', WATCHDOG_PID: '42' }, 15_000],
    ['also when it names no process', { WATCHDOG_USEC: '1000000' }, 500],
    ['nothing when it watches another process', { WATCHDOG_USEC: '30000000', WATCHDOG_PID: '43' }, undefined],
    ['nothing when it does not watch', {}, undefined],
    ['nothing for what is no number', { WATCHDOG_USEC: 'soon' }, undefined],
  ] as const) {
    test(what, () => expect(watchdogEveryMs(environment, 42)).toBe(expected));
  }
});
