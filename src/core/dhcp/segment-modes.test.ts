import { beforeEach, expect, test } from 'vitest';
import { parseIpv4, parseIpv4Network } from '../../lib/addresses.ts';
import { PROBES_IN_VAIN, RELAYED_KEEP_MS, SegmentModes } from './segment-modes.ts';

const OTHER = parseIpv4('192.168.122.2');
let modes: SegmentModes;

beforeEach(() => {
  modes = new SegmentModes();
});

test('where nobody else is, addresses are given', () => {
  expect(modes.of('eth0', 0)).toEqual({ mode: 'full' });
  expect(modes.probed('eth0', [], 0)).toBe(false);
});

test('another server is left its link at once, and told of once', () => {
  expect(modes.seen('eth0', OTHER, 0)).toBe(true);
  expect(modes.of('eth0', 0)).toEqual({ mode: 'proxy', server: OTHER });
  expect(modes.seen('eth0', OTHER, 1)).toBe(false);
  expect(modes.probed('eth0', [OTHER], 2)).toBe(false);
  expect(modes.of('eth1', 2)).toEqual({ mode: 'full' });
});

test('its link is taken back when probes find it no more', () => {
  modes.probed('eth0', [OTHER], 0);
  for (let probe = 1; probe < PROBES_IN_VAIN; probe += 1) expect(modes.probed('eth0', [], probe)).toBe(false);
  expect(modes.of('eth0', 9).mode).toBe('proxy');
  expect(modes.probed('eth0', [], 10)).toBe(true);
  expect(modes.of('eth0', 10)).toEqual({ mode: 'full' });
});

test('one that answers again in between stays', () => {
  modes.probed('eth0', [OTHER], 0);
  modes.probed('eth0', [], 1);
  modes.seen('eth0', OTHER, 2);
  expect(modes.probed('eth0', [], 3)).toBe(false);
  expect(modes.of('eth0', 3).mode).toBe('proxy');
});

test('behind a relay it is gone when no client chose it for long', () => {
  modes.seen('10.0.0.254', OTHER, 0);
  expect(modes.of('10.0.0.254', RELAYED_KEEP_MS).mode).toBe('proxy');
  expect(modes.of('10.0.0.254', RELAYED_KEEP_MS + 1).mode).toBe('full');
});

test('a relay is found by the network it is in', () => {
  modes.seen('eth0', OTHER, 0);
  modes.seen('10.1.0.1', OTHER, 0);
  expect(modes.relayIn(parseIpv4Network('10.1.0.0/24'))).toBe('10.1.0.1');
  expect(modes.relayIn(parseIpv4Network('10.2.0.0/24'))).toBeUndefined();
});
