import { afterEach, beforeEach, expect, test } from 'vitest';
import { renderHere, sampleImage, sampleMachine } from '../../core/answers/suite/answer-samples.ts';
import type { Image } from '../../core/images/image.ts';
import type { Profile } from '../../core/install/profile.ts';
import type { Stores } from '../../core/stores.ts';
import { parseIpv4 } from '../../lib/addresses.ts';
import { openEmptyStores } from '../../store/sqlite/suite/open-sqlite.ts';
import { AnswerService } from '../answers/answer-service.ts';
import { InstallSources } from './install-sources.ts';
import { objectionToInstall } from './objection-to-install.ts';

let stores: Stores;
beforeEach(async () => {
  stores = await openEmptyStores();
});
afterEach(() => stores.close());

const proxmox: Image = { ...sampleImage('Proxmox VE 8.4', '8.4', 'proxmox'), family: 'proxmox' };
const debian = sampleImage('Debian 12 (bookworm)', '12', 'preseed');

async function objection(image: Image, more: Partial<Profile> = {}): Promise<string | undefined> {
  const profile: Profile = { name: 'web', image: image.name, arguments: '', variables: {}, ...more };
  await stores.images.add(image);
  await stores.profiles.put(profile);
  const needs = {
    sources: new InstallSources({ machineHttpPort: 8080 }),
    answers: new AnswerService({ ...stores, renderTemplate: renderHere }),
    machineHttp: () => ({ address: parseIpv4('192.168.122.1'), port: 8080 }),
  };
  return await objectionToInstall(needs, { machine: sampleMachine(), profile, image });
}

for (const [what, image, more, because] of [
  ['that has all it needs', debian, {}, undefined],
  [
    'of a tool that a person works with, whatever its template',
    debian,
    { name: 'rescue@debian', attended: true, template: '{{ nope }}' },
    undefined,
  ],
  ['whose image reads no answers', { ...debian, answerKind: 'none' }, {}, undefined],
  [
    'whose template uses what is not set',
    debian,
    { template: 'd-i\n{{ nope }}\n' },
    /^the answer file of web01 cannot be made: .*nope/,
  ],
  [
    'whose installer needs what is not set',
    proxmox,
    { variables: { disk: 'sda', domain: 'example.org' } },
    /cannot be made: .*set the variable root_password_hash/,
  ],
  [
    'with a variable that is not right',
    debian,
    { variables: { disk: '../x' } },
    /variable disk is not right/,
  ],
  [
    'whose Butane is wrong',
    { ...debian, family: 'coreos', answerKind: 'ignition' },
    { template: 'variant: fcos\nversion: 1.0.0\nx: 1\n' },
    /3:1: "x" is not a key/,
  ],
  ['that takes its tree by a way that is not there', debian, { source: 'nfs' }, /says --source nfs/],
] as const) {
  test(`an install ${what} is ${because ? 'refused before it is armed' : 'armed'}`, async () => {
    if (because) expect(await objection(image, more)).toMatch(because);
    else expect(await objection(image, more)).toBeUndefined();
  });
}
