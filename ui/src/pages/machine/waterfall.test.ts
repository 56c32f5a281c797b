import { expect, test } from 'vitest';
import type { WireEvent } from '../../../../src/contract/events.ts';
import { bootsOf, spansOf } from './waterfall.ts';

const START_MS = Date.UTC(2026, 10, 23, 13);
let id = 0;
const event = (second: number, kind: string, more: object = {}): WireEvent => {
  id += 1;
  const at = new Date(START_MS + second * 1000).toISOString();
  return { id, at, kind, text: `text of ${kind}`, ...more };
};
const ASKS = { data: { bootFile: 'pxelinux.0' } };

const BOOT = [
  event(0, 'dhcp.offered', ASKS),
  event(1, 'dhcp.acknowledged', ASKS),
  event(3, 'tftp.sent', { data: { file: 'undionly.kpxe', bytes: 1000, seconds: 2, bytesPerSecond: 500 } }),
  event(4, 'dhcp.acknowledged', { data: { bootFile: 'http://x/boot.ipxe' } }),
  event(5, 'boot.decided', { data: { boot: 'installer' }, because: 'install i-1 is requested' }),
  event(9, 'http.sent', { data: { file: 'vmlinuz', bytes: 9000, seconds: 3 } }),
  event(20, 'install.started'),
  event(40, 'install.progressed', { data: { step: 'packages' } }),
  event(60, 'http.tree', { data: { image: 'centos', files: 12, bytes: 70, seconds: 30 } }),
  event(90, 'install.finished'),
];
const SECOND = [
  event(100, 'dhcp.offered', ASKS),
  event(102, 'boot.decided', { data: { boot: 'local disk' } }),
];

test('a boot begins with a request after the one before was past its loader', () => {
  const boots = bootsOf([...BOOT, ...SECOND]);
  expect(boots.map(({ events }) => events.length)).toEqual([2, 10]);
  expect(boots[1]).toMatchObject({ beganAtMs: START_MS, endedAtMs: START_MS + 90_000 });
});

test('iPXE, which asks once more, begins no boot', () => {
  expect(bootsOf(BOOT)).toHaveLength(1);
});

test('a request long after the last sign begins a boot, though nothing came of the one before', () => {
  const tried = [event(0, 'dhcp.offered', ASKS), event(700, 'dhcp.offered', ASKS)];
  expect(bootsOf(tried)).toHaveLength(2);
});

test('what is no part of a boot is in none', () => {
  expect(bootsOf([event(0, 'machine.facts'), event(1, 'power.done')])).toEqual([]);
});

test('each thing stands where it began, as long as it took', () => {
  const [boot] = bootsOf(BOOT);
  const spans = spansOf(boot!, []);
  const brief = spans.map(({ lane, label, startMs, endMs }) => [
    lane,
    label,
    (startMs - START_MS) / 1000,
    (endMs - START_MS) / 1000,
  ]);
  expect(brief).toContainEqual(['tftp', 'undionly.kpxe', 1, 3]);
  expect(brief).toContainEqual(['http', 'vmlinuz', 6, 9]);
  expect(brief).toContainEqual(['http', 'centos/…', 30, 60]);
  expect(brief).toContainEqual(['boot', 'text of boot.decided', 5, 5]);
  expect(spans.find(({ label }) => label === 'centos/…')).toMatchObject({ bytes: 70, files: 12 });
  expect(spans.find(({ lane }) => lane === 'boot')).toMatchObject({ because: 'install i-1 is requested' });
});

test('steps of the installer take the place of its reports, those of other boots left out', () => {
  const [boot] = bootsOf(BOOT);
  const at = (second: number): string => new Date(START_MS + second * 1000).toISOString();
  const spans = spansOf(boot!, [
    { step: 'disk', startedAt: at(-500), endedAt: at(-400) },
    { step: 'disk', startedAt: at(25), endedAt: at(40) },
    { step: 'packages', startedAt: at(40), doing: 'bash' },
  ]);
  const install = spans.filter(({ lane, key }) => lane === 'install' && key.startsWith('step'));
  expect(install).toMatchObject([
    { label: 'disk', tone: 'good' },
    { label: 'packages', tone: 'moving', because: 'bash', endMs: START_MS + 90_000 },
  ]);
  expect(spans.some(({ label }) => label.includes('progressed'))).toBe(false);
});

test('what went wrong looks so', () => {
  const [boot] = bootsOf([event(0, 'tftp.refused', { because: 'there is no such file' })]);
  expect(spansOf(boot!, [])).toMatchObject([{ tone: 'bad', because: 'there is no such file' }]);
});
