import { afterAll, beforeAll, expect, test } from 'vitest';
import * as core from '../core/install/install-policy.ts';
import { MAX_MACS_PER_MACHINE, MAX_VARIABLES_PER_MACHINE } from '../core/machines/machine.ts';
import { MAX_SELECTOR_LENGTH } from '../core/machines/selector.ts';
import { check } from '../contract/issues.ts';
import { ROUTES } from '../contract/routes.ts';
import {
  MAX_SELECTOR_LENGTH as MAX_SELECTOR_TEXT,
  MAX_VARIABLES,
  MAX_NAME_LENGTH,
} from '../contract/fields.ts';
import { MAX_ATTEMPTS, MAX_EXPIRE_HOURS, MAX_INSTALL_MINUTES } from '../contract/policy-schemas.ts';
import { MAX_IMAGE_NAME } from '../core/images/image-name.ts';
import { type ApiWorld, openApiWorld } from './suite/api-world.ts';

/** Each "no" of the services, as the API says it: its type decides the exit code of the command line. */

let world: ApiWorld;
beforeAll(async () => {
  world = await openApiWorld();
  const { tree } = world;
  await put('PUT', '/subnets/lab', { network: '192.168.122.0/24' });
  await put('POST', '/machines', {
    name: 'web1',
    macs: ['525400000001'],
    serial: 'S1',
    labels: { hall: '1' },
  });
  await put('POST', '/machines', { name: 'web2', macs: ['525400000002'], labels: { hall: '1' } });
  await put('POST', '/machines', { name: 'web3', macs: ['525400000003'], serial: 'S3' });
  await put('POST', '/images', { folder: tree, name: 'centos' });
  await put('POST', '/images', { folder: tree, name: 'bare', as: 'files' });
  await put('PUT', '/profiles/plain', { image: 'centos' });
  await put('PUT', '/profiles/broken', { image: 'centos', template: 'a\n{{ nonsense }}\n' });
  await put('PUT', '/profiles/bare', { image: 'bare' });
  await put('PUT', '/snippets/used', { text: 'a' });
  await put('PUT', '/profiles/snippety', { image: 'centos', template: '{% include "used" %}' });
  await put('POST', '/installs', { machine: 'web1', profile: 'plain' });
  await put('POST', '/installs', { machine: 'web3', profile: 'plain' });
  const installed = await world.needs.installs.list({ limit: 1 });
  await world.installs.happened(installed[0]!.id, 'bootOffered');
  await world.installs.happened(installed[0]!.id, 'finished');
});
afterAll(async () => {
  expect(world.mistakes).toEqual([]);
  await world.close();
});

async function ask(method: 'GET' | 'PUT' | 'POST' | 'PATCH' | 'DELETE', path: string, payload?: object) {
  return await world.api.inject({
    method,
    url: `/api/v1${path}`,
    headers: { host: 'localhost' },
    ...(payload ? { payload } : {}),
  });
}

async function put(method: 'PUT' | 'POST', path: string, payload: object): Promise<void> {
  const response = await ask(method, path, payload);
  expect(response.statusCode, response.payload).toBeLessThan(300);
}

const HOOK = { name: 'chat', events: ['*'], url: 'http://127.0.0.1:9/', secret: 'sesam-sesam-sesam' };
const LAB = { network: '192.168.122.0/24' };

for (const [title, method, path, payload, type, detail] of [
  [
    'a range outside of its subnet',
    'PUT',
    '/subnets/lab',
    { ...LAB, ranges: [{ first: '192.168.123.1', last: '192.168.123.9' }] },
    'bad-configuration',
    /range 192\.168\.123\.1-192\.168\.123\.9 does not fit: 192\.168\.123\.1 is outside of/,
  ],
  [
    'a range that runs backwards',
    'PUT',
    '/subnets/lab',
    { ...LAB, ranges: [{ first: '192.168.122.9', last: '192.168.122.1' }] },
    'bad-configuration',
    /runs backwards/,
  ],
  [
    'a subnet over another',
    'PUT',
    '/subnets/all',
    { network: '192.168.0.0/16' },
    'bad-configuration',
    /overlap/,
  ],
  [
    'an option that does not exist',
    'PUT',
    '/subnets/lab',
    { ...LAB, options: [{ option: 'ntp', value: '1.2.3.4' }] },
    'bad-configuration',
    /There is no option "ntp".*ntp-servers/,
  ],
  [
    'an option Muster sets itself',
    'PUT',
    '/subnets/lab',
    { ...LAB, options: [{ option: '54', value: '1.2.3.4' }] },
    'bad-configuration',
    /address of this server/,
  ],
  [
    'a default lease longer than the longest',
    'PUT',
    '/subnets/lab',
    { ...LAB, defaultLeaseSeconds: 7200, maxLeaseSeconds: 3600 },
    'bad-configuration',
    /longer than the longest/,
  ],
  [
    'another name than the path has',
    'PUT',
    '/subnets/lab',
    { ...LAB, name: 'hall' },
    'bad-request',
    /"hall" is there/,
  ],
  [
    'leases of a subnet that is not there',
    'GET',
    '/leases?subnet=hall',
    undefined,
    'not-found',
    /no subnet "hall"/,
  ],
  ['a name that is taken', 'POST', '/machines', { name: 'web1', macs: ['525400000009'] }, 'conflict', /web1/],
  [
    'a machine nothing tells from others',
    'POST',
    '/machines',
    { name: 'x' },
    'refused',
    /nothing to be known by/,
  ],
  [
    'a port that cannot be one',
    'POST',
    '/machines',
    { name: 'x', port: { circuitId: '0x0' } },
    'bad-configuration',
    /"0x0" is not the identifier of a port/,
  ],
  [
    'two computers as one',
    'POST',
    '/machines/web1/merge',
    { from: 'web3' },
    'refused',
    /are two computers, going by their serial number "S1" and "S3"/,
  ],
  [
    'one machine as itself',
    'POST',
    '/machines/web2/merge',
    { from: '525400000002' },
    'refused',
    /web2 is one machine already/,
  ],
  ['a merge with nobody', 'POST', '/machines/web2/merge', { from: 'web9' }, 'not-found', /no machine "web9"/],
  [
    'a merge of one that is being installed',
    'POST',
    '/machines/web2/merge',
    { from: 'web1' },
    'refused',
    /cancel that first/,
  ],
  [
    'a split of one that is being installed',
    'POST',
    '/machines/web1/split',
    { mac: '525400000001', name: 'x' },
    'refused',
    /cancel that first/,
  ],
  [
    'a split by what it does not have',
    'POST',
    '/machines/web2/split',
    { mac: '525400000009', name: 'x' },
    'refused',
    /is no MAC address of web2/,
  ],
  [
    'a split that leaves nothing',
    'POST',
    '/machines/web2/split',
    { mac: '525400000002', name: 'x' },
    'refused',
    /without .*nothing to be known by/,
  ],
  [
    'a split to a name that is taken',
    'POST',
    '/machines/web3/split',
    { mac: '525400000003', name: 'web1' },
    'conflict',
    /web1/,
  ],
  ['a MAC address that is taken', 'PATCH', '/machines/web2', { macs: ['525400000001'] }, 'conflict', /00:01/],
  [
    'a wave of a machine that is being installed',
    'POST',
    '/waves',
    { name: 'line', profile: 'plain', machines: ['web1', 'web2'] },
    'refused',
    /^web1: its install i-\w+ is requested: cancel it first/,
  ],
  [
    'a wave of a machine that is not there',
    'POST',
    '/waves',
    { name: 'line', profile: 'plain', machines: ['web9'] },
    'not-found',
    /no machine "web9"/,
  ],
  [
    'a wave of nothing',
    'POST',
    '/waves',
    { name: 'line', profile: 'plain' },
    'bad-configuration',
    /one machine at least/,
  ],
  [
    'a wave of labels that nothing has',
    'POST',
    '/waves',
    { name: 'line', profile: 'plain', selector: 'rack=9' },
    'refused',
    /no machine has labels such as rack=9/,
  ],
  [
    'a wave that switches on what it cannot',
    'POST',
    '/waves',
    { name: 'line', profile: 'plain', machines: ['web2'], power: 'on' },
    'refused',
    /^web2: how to reach the power of web2 is not known: muster power set says it/,
  ],
  ['a wave that is not there', 'POST', '/waves/none/resume', {}, 'not-found', /no wave "none"/],
  ['the end of a wave that is not there', 'DELETE', '/waves/none', undefined, 'not-found', /no wave "none"/],
  ['a machine that is being installed', 'DELETE', '/machines/web1', undefined, 'refused', /install/],
  ['an image a profile uses', 'DELETE', '/images/centos', undefined, 'refused', /plain|broken/],
  [
    'a folder that is not there',
    'POST',
    '/images',
    { folder: '/nonexistent' },
    'refused',
    /no folder and no disc image "\/nonexistent"/,
  ],
  ["the server's own files", 'POST', '/images', { folder: '/etc', as: 'files' }, 'refused', /own system/],
  ['a profile of an image that is not there', 'PUT', '/profiles/x', { image: 'none' }, 'refused', /none/],
  ['a profile that is being installed', 'DELETE', '/profiles/plain', undefined, 'refused', /install/],
  [
    'a template that cannot be rendered',
    'GET',
    '/machines/web1/answer?profile=broken',
    undefined,
    'refused',
    /^profile broken:2:4: there is no variable "nonsense"/,
  ],
  [
    'a draft for a machine that is not there',
    'POST',
    '/machines/none/answer',
    { image: 'centos' },
    'not-found',
    /no machine "none"/,
  ],
  [
    'a draft that says what no profile has',
    'POST',
    '/machines/web1/answer',
    { image: 'centos', nonsense: 1 },
    'bad-request',
    /nonsense/,
  ],
  [
    'the answer file of what reads none',
    'GET',
    '/machines/web1/answer?profile=bare',
    undefined,
    'refused',
    /reads no answer file/,
  ],
  [
    'the answer file of a machine that was never installed',
    'GET',
    '/machines/web2/answer',
    undefined,
    'refused',
    /web2 was never installed, and web2 is in no group: say by which profile/,
  ],
  [
    'the answer file by a profile that is not there',
    'GET',
    '/machines/web2/answer?profile=none',
    undefined,
    'not-found',
    /no profile "none"/,
  ],
  [
    'a file that its installer does not fetch',
    'GET',
    '/machines/web2/answer?profile=plain&file=meta-data',
    undefined,
    'not-found',
    /no file "meta-data" for the installer of profile "plain": there are ks.cfg, facts.sh/,
  ],
  [
    'a look through what is not looked through',
    'POST',
    '/lint',
    { kind: 'tape', text: '' },
    'refused',
    /kickstart, preseed/,
  ],
  [
    'a look through a profile that is not there',
    'GET',
    '/profiles/none/lint',
    undefined,
    'not-found',
    /no profile "none"/,
  ],
  [
    'a snippet that cannot be read',
    'PUT',
    '/snippets/x',
    { text: 'a\n{% if %}' },
    'refused',
    /^snippet x:2:7: /,
  ],
  [
    'a snippet that includes itself',
    'PUT',
    '/snippets/x',
    { text: '{% include "x" %}' },
    'refused',
    /includes itself/,
  ],
  [
    'a name with an ending',
    'PUT',
    '/snippets/x.xml',
    { text: '' },
    'bad-request',
    /lower-case letters, digits/,
  ],
  ['a snippet that is not there', 'DELETE', '/snippets/x', undefined, 'not-found', /no snippet "x"/],
  [
    'a snippet that a template includes',
    'DELETE',
    '/snippets/used',
    undefined,
    'refused',
    /profile snippety includes it/,
  ],
  [
    'a password that cannot be one',
    'PATCH',
    '/machines/web2',
    { variables: { root_password: 'secret\nword' } },
    'refused',
    /^variable root_password: The password holds a line break/,
  ],
  [
    'a second install',
    'POST',
    '/installs',
    { machine: 'web1', profile: 'plain' },
    'refused',
    /cancel it first/,
  ],
  [
    'an install of what does not boot',
    'POST',
    '/installs',
    { machine: 'web2', profile: 'bare' },
    'refused',
    /no kernel/,
  ],
  [
    'an install by no profile',
    'POST',
    '/installs',
    { machine: 'web2', profile: 'no' },
    'refused',
    /no profile "no"/,
  ],
  [
    'an install of all that have a label, one of which is being installed',
    'POST',
    '/installs/by-selector',
    { selector: 'hall=1', profile: 'plain' },
    'refused',
    /none is armed, since 1 of the machines cannot be: web1: install i-\w+ of web1 is requested/,
  ],
  [
    'an install of all that have a label, for which nothing says how',
    'POST',
    '/installs/by-selector',
    { selector: 'hall=1' },
    'refused',
    /none is armed, since \d of the machines cannot be: .*web\d is in no group: say with which profile it is installed, or have a group that it is in name one/,
  ],
  [
    'an install of a machine for which nothing says how',
    'POST',
    '/installs',
    { machine: 'web2' },
    'refused',
    /^web2 is in no group: say with which profile it is installed/,
  ],
  [
    'an install of machines that nobody has',
    'POST',
    '/installs/by-selector',
    { selector: 'hall=9', profile: 'plain' },
    'not-found',
    /no machine has labels such as "hall=9"/,
  ],
  [
    'an install of machines that are chosen by no selector',
    'POST',
    '/installs/by-selector',
    { selector: 'hall=(', profile: 'plain' },
    'bad-request',
    /selector/,
  ],
  [
    'an install over what Muster installed',
    'POST',
    '/installs',
    { machine: 'web3', profile: 'plain' },
    'holds-data',
    /the disk of web3 holds data, and the install would erase it: profile plain was installed on it \(install i-/,
  ],
  [
    'a wave over what Muster installed',
    'POST',
    '/waves',
    { name: 'line', profile: 'plain', machines: ['web3'] },
    'holds-data',
    /the disk of web3 holds data, and the install would erase it/,
  ],
  [
    'an install of nobody',
    'POST',
    '/installs',
    { machine: 'web9', profile: 'plain' },
    'not-found',
    /no machine "web9"/,
  ],
  [
    'a menu of what is not there',
    'PATCH',
    '/policy',
    { menu: { images: ['none'] } },
    'bad-configuration',
    /"none", which is not there/,
  ],
  [
    'a selector that cannot be read',
    'GET',
    '/machines?selector=rack%3Da,,',
    undefined,
    'bad-request',
    /^selector: column 8: "," is there, and the key of a label is wanted$/,
  ],
  ['the power of nobody', 'GET', '/machines/web9/power', undefined, 'not-found', /no machine "web9"/],
  [
    'power that was never set',
    'POST',
    '/machines/web1/power/on',
    {},
    'not-found',
    /how to reach the power of web1 is not known: muster power set says it/,
  ],
  [
    'a look at power that was never set',
    'POST',
    '/machines/web1/power-state',
    {},
    'not-found',
    /power of web1 is not known/,
  ],
  ['power that was never set', 'DELETE', '/machines/web1/power', undefined, 'not-found', /web1 is not known/],
  [
    'Redfish without a password',
    'PUT',
    '/machines/web1/power',
    { driver: 'redfish', url: 'https://bmc.example', user: 'root' },
    'bad-configuration',
    /driver redfish needs a secret, the password: give it with --password-file/,
  ],
  [
    'Redfish whose password anybody could read',
    'PUT',
    '/machines/web1/power',
    { driver: 'redfish', url: 'http://bmc.example', user: 'root', secret: 'sesam' },
    'bad-configuration',
    /over http: anybody on the way could read the password/,
  ],
  [
    'two things to trust',
    'PUT',
    '/machines/web1/power',
    { driver: 'redfish', url: 'https://b', user: 'root', secret: 's', insecureTls: true, ca: '' },
    'bad-request',
    /one of certificateSha256, ca and insecureTls/,
  ],
  [
    'a host that ipmitool would take for an option',
    'PUT',
    '/machines/web1/power',
    { driver: 'ipmi', host: '-f/etc/shadow', user: 'root', secret: 'sesam' },
    'bad-configuration',
    /"-f\/etc\/shadow" is no name or address of a BMC/,
  ],
  [
    'a driver that there is not',
    'PUT',
    '/machines/web1/power',
    { driver: 'telepathy' },
    'bad-request',
    /^driver: "telepathy" is none of wol, redfish, ipmi, command, webhook$/,
  ],
  [
    'power by no driver',
    'PUT',
    '/machines/web1/power',
    { url: 'https://b' },
    'bad-request',
    /^driver: is missing$/,
  ],
  [
    'a program with a path',
    'PUT',
    '/machines/web1/power',
    { driver: 'command', argv: ['/bin/sh', '-c', 'id'] },
    'bad-configuration',
    /"\/bin\/sh" is no name of a program/,
  ],
  [
    'a webhook with a password in its URL',
    'PUT',
    '/machines/web1/power',
    { driver: 'webhook', url: 'https://u:p@switch.example/', secret: 'sesam' },
    'bad-configuration',
    /must hold no user and no password/,
  ],
  ...(
    [
      [
        'a kind of event that there is not',
        { events: ['instal.*'] },
        'bad-configuration',
        /"instal\.\*" fits no kind of event/,
      ],
      [
        'a hook that is told of hooks',
        { events: ['hook.dead'] },
        'bad-configuration',
        /no hook is told of hooks/,
      ],
      ['a hook without a key', { secret: undefined }, 'bad-configuration', /a key of at least 16 characters/],
      [
        'a hook with a short key',
        { secret: 'short' },
        'bad-configuration',
        /a key of at least 16 characters/,
      ],
      [
        'a hook to a file',
        { url: 'file:///etc/passwd' },
        'bad-configuration',
        /only http and https are asked/,
      ],
      [
        'a hook with a password in its URL',
        { url: 'http://u:p@h/' },
        'bad-configuration',
        /no user and no password/,
      ],
      [
        'a hook of machines that cannot be read',
        { machines: 'a=,,' },
        'bad-configuration',
        /selector, column 4/,
      ],
      ['a hook of no machine', { machines: '' }, 'bad-configuration', /chooses no machine/],
      ['a hook that tells nobody', { url: undefined }, 'bad-request', /url or argv is wanted, and not both/],
      ['a hook that tells two', { argv: ['say'] }, 'bad-request', /url or argv is wanted, and not both/],
      [
        'a hook that runs a shell',
        { url: undefined, argv: ['/bin/sh'] },
        'bad-configuration',
        /no name of a program/,
      ],
    ] as const
  ).map(
    ([title, change, type, detail]) =>
      [title, 'POST', '/hooks', { ...HOOK, ...change }, type, detail] as const,
  ),
  ['a hook that is not there', 'GET', '/hooks/none', undefined, 'not-found', /no hook "none"/],
  ['deliveries of no hook', 'GET', '/hooks/none/deliveries', undefined, 'not-found', /no hook "none"/],
  ['facts of nobody', 'GET', '/machines/web9/facts', undefined, 'not-found', /no machine "web9"/],
  [
    'a rule that gives every machine one name',
    'PATCH',
    '/policy',
    { enrol: { rules: [{ name: 'node' }] } },
    'bad-configuration',
    /rule 1 of enrol: name "node" gives every machine the same name/,
  ],
  [
    'a rule of a profile that is not there',
    'PATCH',
    '/policy',
    { enrol: { rules: [{ name: 'node-{n}' }, { name: 'pc-{n}', profile: 'none' }] } },
    'bad-configuration',
    /rule 2 of enrol: there is no profile "none": there are bare, broken, plain/,
  ],
  [
    'an image that cannot tell hardware',
    'PATCH',
    '/policy',
    { discovery: { image: 'bare' } },
    'bad-configuration',
    /image bare .* has no kernel to start/,
  ],
  [
    'a tool of nobody',
    'POST',
    '/tools/boot',
    { machine: 'web9', tool: 'rescue' },
    'not-found',
    /no machine "web9"/,
  ],
  [
    'a tool of an image that cannot',
    'POST',
    '/tools/boot',
    { machine: 'web2', tool: 'rescue', image: 'bare' },
    'refused',
    /has no kernel to start/,
  ],
  [
    'a wipe that nobody confirmed',
    'POST',
    '/tools/boot',
    { machine: 'web2', tool: 'wipe', disk: 'sda' },
    'bad-configuration',
    /must be confirmed/,
  ],
  [
    'a group of everybody',
    'PUT',
    '/groups/x',
    { selector: ' ' },
    'bad-configuration',
    /an empty one chooses/,
  ],
  [
    'a group that cannot be read',
    'PUT',
    '/groups/x',
    { selector: 'rack=a,' },
    'bad-request',
    /^selector: column 8: /,
  ],
  [
    'a group by another name',
    'PUT',
    '/groups/x',
    { name: 'y', selector: 'rack=a' },
    'bad-request',
    /the path says "x"/,
  ],
  [
    'a group of a profile that is not there',
    'PUT',
    '/groups/x',
    { selector: 'rack=a', profile: 'none' },
    'refused',
    /no profile "none"/,
  ],
  ['a group that is not there', 'GET', '/groups/none', undefined, 'not-found', /no group "none"/],
  ['no group taken away', 'DELETE', '/groups/none', undefined, 'not-found', /no group "none"/],
  [
    'what nobody inherits',
    'GET',
    '/machines/web1/inheritance?profile=none',
    undefined,
    'not-found',
    /no profile "none"/,
  ],
  [
    'an install that no group says how to do',
    'POST',
    '/installs',
    { machine: 'web2' },
    'refused',
    /web2 is in no group: say with which profile/,
  ],
  [
    'a site whose parts do not fit together',
    'POST',
    '/site',
    {
      site: { machines: [{ name: 'web3', macs: ['525400000001'] }], profiles: [{ name: 'x', image: 'no' }] },
    },
    'bad-configuration',
    /^nothing was changed: profiles\[0\]\.image: there is no image "no": .*, and 1 more$/,
  ],
  [
    'a site that takes away what is in use',
    'POST',
    '/site',
    { site: { machines: [] }, prune: true },
    'bad-configuration',
    /machine "web1" cannot go: its install \S+ is requested/,
  ],
  [
    'a site that takes away more than was agreed',
    'POST',
    '/site',
    { site: { subnets: [] }, prune: true, agreed: ['subnet hall'] },
    'bad-configuration',
    /^nothing was changed: subnet lab would be taken away too, which was not so a moment ago/,
  ],
  [
    'a site with a hook whose key nobody has',
    'POST',
    '/site',
    { site: { hooks: [{ name: 'new', events: ['*'], url: 'https://chat.example/' }] } },
    'bad-configuration',
    /^nothing was changed: hooks\[0\]\.secret: no secret is kept for hook new: name a file/,
  ],
  [
    'a site with the power of a machine that is not there',
    'POST',
    '/site',
    { site: { power: [{ machine: 'web9', driver: 'wol' }] } },
    'bad-configuration',
    /power\[0\]\.machine: there is no machine "web9"/,
  ],
  [
    'a site that says a secret in two ways',
    'POST',
    '/site',
    {
      site: {
        hooks: [
          { name: 'new', events: ['*'], argv: ['say'], secret: 'kept', newSecret: 'sixteen-characters' },
        ],
      },
    },
    'bad-request',
    /one of secret, secretFile and newSecret is wanted, or none/,
  ],
  [
    'a site with a field that is unknown',
    'POST',
    '/site',
    { site: { machine: [] } },
    'bad-request',
    /^site: there is no field "machine"$/,
  ],
  ['events of nobody', 'GET', '/events?machine=web9', undefined, 'not-found', /no machine "web9"/],
] as const) {
  test(`${title} is ${type}`, async () => {
    const response = await ask(method, path, payload);
    expect(response.json(), response.payload).toMatchObject({ type, status: response.statusCode });
    expect(response.json<{ detail: string }>().detail).toMatch(detail);
  });
}

for (const [rule, path, message] of [
  [{ name: 'pc' }, 'enrol.rules[1].name', /^name "pc" gives every machine the same name/],
  [{ name: 'pc-{n}', profile: 'none' }, 'enrol.rules[1].profile', /^there is no profile "none"/],
  [{ name: 'pc-{n}', arm: true }, 'enrol.rules[1].profile', /^it says arm, and no profile/],
] as const)
  test(`a rule that cannot be says at which field: ${path}, ${message.source}`, async () => {
    const rules = [{ name: 'node-{n}' }, rule];
    const response = await ask('PATCH', '/policy', { enrol: { rules } });
    expect(response.json()).toMatchObject({ issues: [{ path, message: expect.stringMatching(message) }] });
  });

test('an install that is over cannot be cancelled', async () => {
  await put('POST', '/installs', { machine: 'web2', profile: 'plain' });
  const { items } = (await ask('GET', '/installs?machine=web2')).json<{ items: { id: string }[] }>();
  const path = `/installs/${items[0]!.id}/cancel`;
  expect((await ask('POST', path, {})).statusCode).toBe(200);
  expect((await ask('POST', path, {})).json()).toMatchObject({ type: 'refused', status: 409 });
});

test('an unknown machine is explained by its MAC address', async () => {
  const response = await ask('GET', '/machines/020000000099/explain');
  expect(response.json()).toMatchObject({
    boots: { boot: 'menu', because: 'the machine is not known, and unknown machines get the menu' },
    decisions: [],
  });
});

test('the limits of the contract are those of the services behind it', () => {
  expect([MAX_ATTEMPTS, MAX_EXPIRE_HOURS, MAX_INSTALL_MINUTES]).toEqual([
    core.MAX_ATTEMPTS,
    core.MAX_EXPIRE_HOURS,
    core.MAX_INSTALL_MINUTES,
  ]);
  expect(MAX_VARIABLES).toBe(MAX_VARIABLES_PER_MACHINE);
  expect(MAX_SELECTOR_TEXT).toBe(MAX_SELECTOR_LENGTH);
  expect(MAX_NAME_LENGTH).toBe(MAX_IMAGE_NAME);
  const macs = (count: number): object => ({
    name: 'web1',
    macs: Array.from({ length: count }, (_, at) => (at + 2 ** 40).toString(16).padStart(12, '0')),
  });
  expect(check(ROUTES.addMachine.input, macs(MAX_MACS_PER_MACHINE)).fits).toBe(true);
  expect(check(ROUTES.addMachine.input, macs(MAX_MACS_PER_MACHINE + 1)).fits).toBe(false);
});
