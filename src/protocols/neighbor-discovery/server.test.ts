import { expect, test } from 'vitest';
import { parseMac } from '../../lib/addresses.ts';
import { type AdvertiserReport, serveAdvertisements } from './server.ts';

test('without the C library it says so once, for all interfaces and all times, and does nothing', async () => {
  const reports: AdvertiserReport[] = [];
  const because = 'koffi does not load here';
  const server = serveAdvertisements({
    libc: { unavailable: true, because },
    servesDhcp: () => Promise.resolve(true),
    report: (report) => reports.push(report),
  });
  const interfaces = ['eth0', 'eth1'].map((interfaceName, at) => ({
    interfaceName,
    interfaceIndex: at + 2,
    mac: parseMac('52:54:00:00:00:01'),
  }));
  await server.setInterfaces(interfaces);
  await server.setInterfaces(interfaces);
  server.bootClientWaits('eth0');
  expect(reports).toEqual([{ what: 'cannot', interfaceName: 'eth0', because }]);
  expect([...server.cannot]).toEqual([
    ['eth0', because],
    ['eth1', because],
  ]);
  expect(server.counts).toEqual({ solicitations: 0, advertisements: 0, dropped: 0, sent: 0 });
  await server.close();
  expect(server.cannot.size).toBe(0);
});
