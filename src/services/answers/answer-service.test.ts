import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { renderHere, sampleImage, sampleMachine, URLS } from '../../core/answers/suite/answer-samples.ts';
import type { Profile } from '../../core/install/profile.ts';
import { parseSelector } from '../../core/machines/selector.ts';
import type { Stores } from '../../core/stores.ts';
import { parseMac } from '../../lib/addresses.ts';
import { openEmptyStores } from '../../store/sqlite/suite/open-sqlite.ts';
import { AnswerService } from './answer-service.ts';

let stores: Stores;
let service: AnswerService;

const debian = sampleImage('Debian 12 (bookworm)', '12', 'preseed');
const profile: Profile = { name: 'web', image: 'sample', arguments: 'quiet', variables: { own: 'profile' } };

beforeEach(async () => {
  stores = await openEmptyStores();
  await stores.images.add(debian);
  await stores.images.add({ ...debian, name: 'files', title: 'Files', answerKind: 'none' });
  service = new AnswerService({ ...stores, renderTemplate: renderHere });
});

afterEach(async () => {
  await stores.close();
});

describe('an answer file is rendered', () => {
  test("from the profile's template, with the machine's variables over the profile's", async () => {
    await stores.profiles.put({ ...profile, template: '{{ machine.name }} {{ own }} {{ urls.report }}' });
    expect(await service.render(sampleMachine({ own: 'machine' }), 'web', URLS)).toEqual({
      rendered: true,
      text: `web01 machine ${URLS.report}\n`,
    });
  });

  test('from the template that comes with Muster where the profile has none', async () => {
    await stores.profiles.put(profile);
    const answer = await service.render(sampleMachine(), 'web', URLS);
    expect(answer.rendered && answer.text).toContain('d-i preseed/late_command string');
  });
});

test("a profile's template takes the place of Muster's, whatever its kind", async () => {
  await stores.images.add({ ...debian, name: 'leap', family: 'suse', answerKind: 'autoyast' });
  await stores.profiles.put({ ...profile, image: 'leap' });
  const own = await service.render(sampleMachine(), 'web', URLS);
  expect(own.rendered && own.text).toContain('<profile xmlns="http://www.suse.com/1.0/yast2ns"');
  await stores.profiles.put({ ...profile, image: 'leap', template: '<profile/>' });
  expect(await service.render(sampleMachine(), 'web', URLS)).toEqual({
    rendered: true,
    text: '<profile/>\n',
  });
});

describe('there is none, and the reason says why', () => {
  test('without such a profile', async () => {
    expect(await service.render(sampleMachine(), 'nope', URLS)).toEqual({
      rendered: false,
      because: 'there is no profile "nope": muster profile ls shows what is there',
    });
  });

  test('where the image reads no answer file', async () => {
    await stores.profiles.put({ ...profile, image: 'files' });
    expect(await service.render(sampleMachine(), 'web', URLS)).toEqual({
      rendered: false,
      because: 'image "files" (Files) reads no answer file',
    });
  });

  test('where the template is wrong', async () => {
    await stores.profiles.put({ ...profile, template: '\n{{ nope }}' });
    expect(await service.render(sampleMachine(), 'web', URLS)).toMatchObject({
      rendered: false,
      because: expect.stringMatching(/^profile web:2:4: there is no variable "nope"/),
    });
  });
});

describe("the kernel's command line", () => {
  test("is the installer's words and then the profile's", async () => {
    const machine = sampleMachine({ domain: 'example.org' });
    const bootMac = parseMac('52:54:00:12:34:56');
    const line = await service.kernelCommandLine(machine, profile, debian, URLS, bootMac);
    expect(line).toBe(
      `auto=true priority=critical url=${URLS.answer} interface=auto hostname=web01 domain=example.org netcfg/link_wait_timeout=20 netcfg/dhcp_timeout=60 BOOTIF=01-52-54-00-12-34-56 quiet`,
    );
  });

  test("has the words and the domain of the machine's groups", async () => {
    await stores.groups.put({
      name: 'rack-a',
      selector: parseSelector('rack=a'),
      priority: 0,
      arguments: 'console=ttyS0',
      variables: { domain: 'a.example' },
    });
    const machine = { ...sampleMachine(), labels: { rack: 'a' } };
    expect(await service.kernelCommandLine(machine, profile, debian, URLS)).toMatch(
      / domain=a\.example .* console=ttyS0 quiet$/,
    );
    expect(await service.kernelCommandLine(sampleMachine(), profile, debian, URLS)).not.toMatch(
      /ttyS0|a\.ex/,
    );
    const template = '{{ domain }} {{ own }}';
    const given = { machine, profile, image: debian, urls: URLS };
    expect(await service.renderOverlay(template, 'etc/motd', given)).toEqual({
      rendered: true,
      text: 'a.example profile\n',
    });
  });

  test('is refused with what to change', async () => {
    const long = { ...profile, arguments: 'x'.repeat(3000) };
    await expect(service.kernelCommandLine(sampleMachine(), long, debian, URLS)).rejects.toThrow(
      /the kernel keeps 2047: shorten the profile's arguments/,
    );
    const wrong = sampleMachine({ domain: 'a b' });
    await expect(service.kernelCommandLine(wrong, profile, debian, URLS)).rejects.toThrow(
      /variable domain is not right/,
    );
  });
});
