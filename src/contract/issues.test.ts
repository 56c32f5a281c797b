import { describe, expect, test } from 'vitest';
import { check, issuesText } from './issues.ts';
import { ROUTES } from './routes.ts';

const { putSubnet, addMachine, changeMachine, changePolicy, listEvents, putProfile, addImage } = ROUTES;

describe('what does not fit is told with its place and what is wanted there', () => {
  for (const [title, schema, value, expected] of [
    ['a missing field', putSubnet.input, {}, 'network: is missing'],
    ['nothing at all', putSubnet.input, undefined, 'is missing'],
    ['a list for an object', putSubnet.input, [], '[] is there, and an object is wanted'],
    [
      'a field nobody knows',
      addMachine.input,
      { name: 'web1', macs: ['525400123456'], colour: 'red' },
      'there is no field "colour"',
    ],
    [
      'an address deep inside',
      putSubnet.input,
      { network: '10.0.0.0/8', ranges: [{ first: '10.0.0.1', last: '10.0.0.300' }] },
      'ranges[0].last: "10.0.0.300" is not an IPv4 address: four numbers from 0 to 255 with dots are wanted, such as 192.168.1.10',
    ],
    [
      'host bits',
      putSubnet.input,
      { network: '192.168.122.1/24' },
      'network: "192.168.122.1/24" has host bits: the network of that size is 192.168.122.0/24',
    ],
    [
      'a word of a list of words',
      putSubnet.input,
      { network: '10.0.0.0/8', mode: 'sometimes' },
      'mode: "sometimes" is none of full, proxy, auto, off',
    ],
    [
      'a number that is not whole',
      putSubnet.input,
      { network: '10.0.0.0/8', defaultLeaseSeconds: 1.5 },
      'defaultLeaseSeconds: 1.5 is there, and a whole number is wanted',
    ],
    [
      'an empty serial number',
      addMachine.input,
      { name: 'web1', serial: ' ' },
      'serial: " " is no serial number and no asset tag: 1 to 64 characters of ASCII are wanted',
    ],
    [
      'a name that is no host name',
      addMachine.input,
      { name: 'Web_1', macs: ['525400123456'] },
      'name: a host name is wanted: 1 to 63 lower-case letters, digits and "-", no "-" at an end',
    ],
    [
      'a name that looks like an id',
      changeMachine.input,
      { name: 'm-0123456789ab' },
      'name: it looks like an id or a MAC address, and machines are found by those too',
    ],
    [
      'a name that looks like a MAC address',
      changeMachine.input,
      { name: '525400123456' },
      'name: it looks like an id or a MAC address, and machines are found by those too',
    ],
    [
      'a variable with a name that is none',
      changeMachine.input,
      { variables: { '1a': 'x' } },
      'variables.1a: "1a" cannot be a name here: a variable\'s name is made of letters, digits and "_", and begins with no digit',
    ],
    [
      'a union',
      changePolicy.input,
      { menu: { images: 3 } },
      'menu.images: 3 has none of the forms that are wanted',
    ],
    [
      'a number in a query',
      listEvents.query,
      { limit: '1001' },
      'limit: "1001" is there, and a whole number from 1 to 1000 is wanted',
    ],
    [
      'a line break in kernel arguments',
      putProfile.input,
      { image: 'centos', arguments: 'quiet\nks=http://evil' },
      'arguments: one line without control characters is wanted',
    ],
    [
      'a kernel outside of the folder by its form',
      addImage.input,
      { folder: '/srv/centos', kernel: '/etc/shadow' },
      'kernel: a path relative to the folder is wanted',
    ],
    ['a relative folder', addImage.input, { folder: 'centos' }, 'folder: an absolute path is wanted'],
  ] as const) {
    test(title, () => {
      const checked = check(schema, value);
      expect(checked.fits ? 'it fits' : issuesText(checked.issues)).toBe(expected);
    });
  }
});

test('a body full of mistakes is answered with twenty of them', () => {
  const ranges = Array.from({ length: 100 }, () => ({ first: 'x', last: 'y' }));
  const checked = check(putSubnet.input, { network: '10.0.0.0/8', ranges });
  expect(checked.fits || checked.issues.length).toBe(20);
});

test('a long wrong value is shown cut', () => {
  const checked = check(putSubnet.input, { network: '10.0.0.0/8', mode: 'x'.repeat(500) });
  expect(checked.fits || checked.issues[0]!.message.length).toBeLessThan(100);
});

test('addresses come out in canonical form', () => {
  const checked = check(addMachine.input, {
    name: 'web1',
    macs: ['52-54-00-AB-CD-EF'],
    uuid: '4C4C4544-0044-4810-8031-B4C04F564231',
  });
  expect(checked).toEqual({
    fits: true,
    value: {
      name: 'web1',
      macs: ['52:54:00:ab:cd:ef'],
      uuid: '4c4c4544-0044-4810-8031-b4c04f564231',
      labels: {},
      variables: {},
    },
  });
});
