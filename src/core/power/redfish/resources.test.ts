import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  odataPath,
  readError,
  readMembers,
  readResetTypes,
  readServiceRoot,
  readSystem,
} from './resources.ts';

const SYSTEM = '/redfish/v1/Systems/1';

describe('a path that a service names', () => {
  for (const [value, is] of [
    ['/redfish/v1/Systems/1', true],
    ['/redfish/v1/Systems/a%20b', true],
    ['//evil.example/redfish', false],
    ['https://evil.example/redfish', false],
    ['/\\evil.example', false],
    ['/a b', false],
    ['/a\r\nX-Auth-Token: x', false],
    ['', false],
    [7, false],
  ] as const) {
    test(`${JSON.stringify(value)} is ${is ? 'taken' : 'none'}`, () =>
      expect(odataPath(value)).toBe(is ? value : undefined));
  }
});

describe('a system', () => {
  for (const [said, state] of [
    ['On', 'on'],
    ['Off', 'off'],
    ['PoweringOff', 'changing'],
    ['Reset', 'changing'],
    ['Unknown', 'unknown'],
    [null, 'unknown'],
    [1, 'unknown'],
  ] as const) {
    test(`whose PowerState is ${JSON.stringify(said)} is ${state}`, () =>
      expect(readSystem({ Id: '1', PowerState: said }, SYSTEM, undefined).power).toBe(state));
  }

  test('has the ETag of its header before that of its body', () => {
    const body = { Id: '1', '@odata.etag': '"body"' };
    expect(readSystem(body, SYSTEM, '"header"').etag).toBe('"header"');
    expect(readSystem(body, SYSTEM, undefined).etag).toBe('"body"');
  });
});

describe('an error', () => {
  for (const [title, body, text] of [
    [
      'tells the messages of its extended info',
      {
        error: {
          message: 'see',
          '@Message.ExtendedInfo': [{ MessageId: 'Base.1.8.X', Message: 'Not so.' }, { Message: 'Nor so.' }],
        },
      },
      'Not so.; Nor so',
    ],
    [
      'tells the words of an iLO 4, which has only an id',
      {
        error: {
          '@Message.ExtendedInfo': [
            { MessageID: 'iLO.0.10.InvalidOperationForSystemState', MessageArgs: ['Power is off'] },
          ],
        },
      },
      'iLO.0.10.InvalidOperationForSystemState (Power is off)',
    ],
    ['tells its own message where there is nothing else', { error: { message: 'No\r\nway' } }, 'No way'],
    ['tells nothing where there is nothing', 'nonsense', ''],
  ] as const) {
    test(title, () => expect(readError(body).text).toBe(text));
  }
});

test('whatever a service says, it is read or refused with a SyntaxError', () => {
  const readers = [
    readServiceRoot,
    readMembers,
    readResetTypes,
    readError,
    (body: unknown) => readSystem(body, SYSTEM, undefined),
  ];
  fc.assert(
    fc.property(fc.jsonValue(), fc.constantFrom(...readers), (body, read) => {
      try {
        read(body);
      } catch (error) {
        expect(error).toBeInstanceOf(SyntaxError);
      }
    }),
  );
});
