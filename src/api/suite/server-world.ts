import { METRIC_KEYS, type MetricReadings, single } from '../../core/metrics/metrics.ts';
import type { ApiNeeds } from '../api-needs.ts';

const NOTHING_READ = Object.fromEntries(METRIC_KEYS.map((key) => [key, []])) as unknown as MetricReadings;

/** Discs are made of a real one where they are tested. */
export const BOOT_MEDIA: ApiNeeds['bootMedia'] = {
  urlFor: async ({ name }) => ({
    found: true,
    url: `http://192.168.122.1:8080/media/0/${name}.iso`,
    image: 'x',
    left: [],
  }),
};

/** What the daemon says of itself, where none runs. */
export const SERVER: Pick<
  ApiNeeds,
  'readiness' | 'metrics' | 'version' | 'status' | 'throughput' | 'pageFolder'
> = {
  readiness: async () => ({ ready: false, because: 'no network interface is served' }),
  metrics: async () => ({ ...NOTHING_READ, interfaces: single(1) }),
  throughput: {
    samples: [
      { atMs: Date.UTC(2026, 10, 23, 13), bytesPerSecond: { tftp: 1024, http: 2048, ftp: 0, nfs: 0 } },
    ],
  },
  pageFolder: '/nonexistent',
  version: '1.2.3',
  status: async () => ({
    dataFolder: '/var/lib/muster',
    interfaces: [
      { name: 'eth1', addresses: ['192.168.122.1/24'], mode: 'full', because: 'subnet lab is there' },
    ],
    listeners: [{ protocol: 'dhcp', address: '0.0.0.0', port: 67 }],
    pools: [{ subnet: 'lab', size: 100, used: 97 }],
  }),
};
