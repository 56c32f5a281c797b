import { expect, test } from 'vitest';
import { distributionOf } from './all.ts';

test.each([
  ['rhel', 'CentOS 6.3', '6.3', 'method=http://s/images/x ksdevice=bootif'],
  ['rhel', 'Rocky Linux 9.4', '9.4', 'inst.repo=http://s/images/x ip=dhcp'],
  ['rhel', 'Fedora 40', '40', 'inst.repo=http://s/images/x ip=dhcp'],
  ['debian', 'Debian 12 (bookworm)', '12', ''],
  ['files', 'Files', '', ''],
])(
  'a person before the installer of family %s, %s, has it told "%4$s"',
  (family, title, release, expected) => {
    const words = distributionOf(family).attendedArguments(
      { title, release },
      { protocol: 'http', url: 'http://s/images/x' },
    );
    expect(words.join(' ')).toBe(expected);
  },
);
