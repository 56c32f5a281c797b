import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ImageCondition } from '../../core/images/image-condition.ts';
import type { Stores } from '../../core/stores.ts';
import { openEmptyStores } from '../../store/sqlite/suite/open-sqlite.ts';
import { image, install, machine, profile } from '../../store/suite/samples.ts';
import { BootService } from './boot-service.ts';

let stores: Stores;

beforeEach(async () => {
  stores = await openEmptyStores();
  await stores.machines.put(machine());
  await stores.images.add(image());
  await stores.profiles.put(profile());
  const event = { kind: 'install.requested', atMs: 1, text: 'x' } as const;
  await stores.installs.create(install({ machineId: machine().id, state: 'requested' }), event);
});
afterEach(() => stores.close());

const WELL: ImageCondition = { identity: '1', checksum: { state: 'waiting' } };
const DIFFERS = { state: 'differs', from: 'SHA256SUMS', because: 'it is another one' } as const;

for (const [name, condition, boots, because] of [
  ['whose image is well', WELL, 'installer', /is requested/],
  [
    'whose image is gone',
    { ...WELL, trouble: { kind: 'missing', because: 'it is not there' } },
    'local disk',
    /^install i-\w+ waits: image debian-12 is missing: it is not there$/,
  ],
  [
    'whose image is damaged',
    { ...WELL, checksum: DIFFERS },
    'local disk',
    /waits: image debian-12 is damaged/,
  ],
  ['whose image is forced', { ...WELL, checksum: DIFFERS, force: true }, 'installer', /is requested/],
] as const) {
  test(`a machine with an install ${name} boots: ${boots}`, async () => {
    await stores.images.change(image({ condition }));
    const boot = new BootService(stores);
    expect(await boot.planFor(machine())).toMatchObject({
      boot: boots,
      because: expect.stringMatching(because),
    });
  });
}
