import { lintCases, type Case } from './suite/lint-cases.ts';

const JSON_KINDS: readonly Case[] = [
  ['agama', '{"product": {"id": "SLES"}, "root": {"sshPublicKey": ["a"], "hashedPassword": true}}', []],
  [
    'agama',
    '{"product": {"id": "SLES"},}',
    ['error 1:28 this is no JSON: a text in double quotes was expected here'],
  ],
  ['agama', '{\n  "produkt": {}\n}', ['error 2:3 the file has no key "produkt" (there is "product")']],
  ['agama', '{"product": {}}', ['error 1:13 product needs a key "id"']],
  [
    'agama',
    '{"user": {"fullName": "a", "userName": "b", "password": 1}}',
    ['error 1:57 user.password is a number, and a text is wanted'],
  ],
  [
    'agama',
    '{"network": {"connections": [{"id": "x", "method4": "static"}]}}',
    [
      'error 1:53 network.connections[0].method4 is "static": one of auto, manual, link-local, disabled is wanted',
    ],
  ],
  ['agama', '{"a": 1} x', ['error 1:10 this is no JSON: the end was expected here']],
  ['agama', '{"a": 1, "a": 2}', ['error 1:10 this is no JSON: the key "a" stands here a second time']],
  ['agama', '', ['error 1:1 this is no JSON: a value was expected here']],
  [
    'agama',
    '{"a": "\t"}',
    ['error 1:7 this is no JSON: this text holds a control character or a backslash that means nothing'],
  ],
  ['ignition', '{"ignition": {"version": "3.4.0"}}', []],
  ['ignition', '{"ignition": {"version": "2.3.0"}, "networkd": {}}', []],
  ['ignition', '{"ignition": {"version": "9.0.0"}}', [/^error 1:26 "9.0.0" is no version/.source]],
  ['ignition', '{"storage": {}}', ['error 1:1 the file needs a key "ignition"']],
  [
    'ignition',
    '{"ignition": {"version": "3.0.0"},\n"storage": {"files": [{"path": "etc/x", "mode": 420}]}}',
    ['error 2:32 storage.files[0].path is not right: an absolute path is wanted'],
  ],
  [
    'ignition',
    '{"ignition": {"version": "3.0.0"},\n"storage": {"files": [{"path": "/x", "mode": 644, "contents": {"source": "file:///x"}}]}}',
    [
      'warning 2:46 mode 644 is a decimal number: 0644 in octal is 420',
      'error 2:74 contents.source is no URL that Ignition reads: http, https, tftp, s3, gs, arn, data are',
    ],
  ],
  [
    'ignition',
    '{"ignition": {"version": "3.0.0"},\n"storage": {"files": [{"path": "/x"}],\n"links": [{"path": "/x", "target": "/y"}]}}',
    ['error 3:20 /x stands in line 2 already: Ignition stops at it'],
  ],
  [
    'ignition',
    '{"ignition": {"version": "3.0.0"}, "systemd": {"units": [{"name": "web"}]}}',
    ['error 1:67 systemd.units[0].name is not right: the name of a unit, with its ending is wanted'],
  ],
];

lintCases(JSON_KINDS);
