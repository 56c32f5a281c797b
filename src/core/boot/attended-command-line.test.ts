import { describe, expect, test } from 'vitest';
import { attendedCommandLine } from './attended-command-line.ts';

describe('an installer from the menu', () => {
  for (const [family, title, release, expected] of [
    ['rhel', 'CentOS 6.3', '6.3', 'method=http://s/images/x ksdevice=bootif'],
    ['rhel', 'Rocky Linux 9.4', '9.4', 'inst.repo=http://s/images/x ip=dhcp'],
    ['rhel', 'Fedora 40', '40', 'inst.repo=http://s/images/x ip=dhcp'],
    ['debian', 'Debian 12 (bookworm)', '12', ''],
    ['files', 'Files', '', ''],
  ] as const) {
    test(`${title} gets "${expected}"`, () => {
      expect(attendedCommandLine({ family, title, release }, 'http://s/images/x')).toBe(expected);
    });
  }
});
