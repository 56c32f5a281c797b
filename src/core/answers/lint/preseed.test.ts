import { describe, expect, test } from 'vitest';
import { lintAnswer } from './lint-answer.ts';
import { findingsOf, type Found } from './suite/findings-of.ts';

describe('a preseed is read as debconf reads it', () => {
  const cases: readonly (readonly [string, readonly Found[]])[] = [
    ['# comment\n\nd-i time/zone string Etc/UTC\n', []],
    ['d-i\ttime/zone   select Etc/UTC', []],
    [
      'd-i time/zone',
      [
        'error 1:1 an owner, a question, a type and a value are wanted, such as "d-i time/zone string Etc/UTC"',
      ],
    ],
    [
      ' d-i time/zone string x',
      ['error 1:1 the line begins with a space: an owner such as d-i is wanted first'],
    ],
    [
      'd-i time/zone strin Etc/UTC',
      [
        'error 1:15 "strin" is no type (there is "string"): string, boolean, select, multiselect, password, note, text, error, title are',
      ],
    ],
    [
      'd-i clock-setup/utc string true',
      ['warning 1:21 clock-setup/utc is of type boolean, and string stands there'],
    ],
    ['d-i clock-setup/utc boolean yes', ['error 1:29 true or false is wanted for clock-setup/utc']],
    ['d-i clock-setup/utc seen true', []],
    ['d-i clock-setup/utc seen maybe', ['error 1:26 true or false is wanted for clock-setup/utc']],
    [
      'd-i netcfg/get_hostnam string a',
      [
        'warning 1:5 the installer may not know the question netcfg/get_hostnam (there is "netcfg/get_hostname")',
      ],
    ],
    ['postfix postfix/main_mailer_type select x', []],
    ['d-i somebody/new-question string a', []],
    [
      'd-i hostname string a',
      ['error 1:5 "hostname" is no question: a name with a slash is wanted, such as netcfg/get_hostname'],
    ],
    [
      'd-i time/zone string  Etc/UTC',
      ['warning 1:22 white space around the value is a part of it: one space after the type is enough'],
    ],
    [
      'd-i time/zone string A\nd-i time/zone string B',
      ['warning 2:5 time/zone was answered in line 1 already: this answer wins'],
    ],
    [
      'd-i passwd/root-password-crypted password secret',
      ['error 1:43 passwd/root-password-crypted holds no hash: muster password hash makes one'],
    ],
    ['d-i passwd/root-password-crypted password !', []],
    [
      'd-i passwd/root-password password secret',
      [
        'warning 1:35 passwd/root-password holds a password as it is: passwd/root-password-crypted takes its hash',
      ],
    ],
    [
      'd-i preseed/late_command string a; \\\n  b\nd-i clock-setup/utc boolean no',
      ['error 3:29 true or false is wanted for clock-setup/utc'],
    ],
    [
      String.raw`d-i preseed/late_command string printf 'a\n'`,
      ['warning 1:33 a backslash and an n in a value become a line break when debconf reads it again'],
    ],
    [
      'd-i preseed/late_command string a\\',
      ['error 1 the last line ends with a backslash, and there is no line to join to it'],
    ],
  ];
  for (const [text, expected] of cases) {
    test(JSON.stringify(text), () => {
      expect(findingsOf(lintAnswer({ kind: 'preseed', text }))).toEqual(expected);
    });
  }
});
