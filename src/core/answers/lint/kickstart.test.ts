import { describe, expect, test } from 'vitest';
import { lintAnswer } from './lint-answer.ts';
import { findingsOf, type Found } from './suite/findings-of.ts';

/** What anaconda would ask for otherwise. */
const COMPLETE = 'lang en_US\nkeyboard us\ntimezone UTC\nrootpw --iscrypted *\n';

const SYSTEMS = {
  el5: { title: 'CentOS 5.11', release: '5.11' },
  el6: { title: 'CentOS 6.3', release: '6.3' },
  el7: { title: 'CentOS 7', release: '7' },
  el8: { title: 'AlmaLinux 8.10', release: '8.10' },
  el9: { title: 'Rocky Linux 9.4', release: '9.4' },
  el10: { title: 'Rocky Linux 10.0', release: '10.0' },
  fedora: { title: 'Fedora 42', release: '42' },
} as const;

describe('a kickstart is read by the rules of its release', () => {
  const cases: readonly (readonly [keyof typeof SYSTEMS, string, readonly Found[]])[] = [
    ['el9', 'autopart', []],
    ['el9', 'autopart\nautoprat', ['error 6:1 EL 9 knows no command "autoprat" (there is "autopart")']],
    ['el9', 'install\nautopart', ['error 5:1 command "install" was removed before EL 9: leave it out']],
    ['el8', 'install\nautopart', ['warning 5:1 command "install" does nothing in EL 8']],
    ['el7', 'install\nautopart', []],
    ['el10', 'autopart\nvnc', ['warning 6:1 command "vnc" does nothing in EL 10']],
    ['fedora', 'autopart\nvnc', []],
    ['el6', 'autopart --type=lvm', ['error 5:10 "autopart" of EL 6 has no option --type']],
    ['el7', 'autopart --type=lvm --noswap', ['error 5:21 "autopart" of EL 7 has no option --noswap']],
    ['el9', 'autopart --typ=lvm', []],
    [
      'el9',
      'autopart --fstyp=x --passfrase=y',
      ['error 5:20 "autopart" of EL 9 has no option --passfrase (there is "--passphrase")'],
    ],
    ['el9', 'autopart\nnetwork --hostname="a b', ['error 6:20 the quote " is not closed']],
    ['el9', "autopart\nuser --name=it''s # --nonsense", []],
    ['el9', 'autopart\nrealm join --nonsense x', []],
    [
      'el9',
      'autopart --encrypted \\\n  --nonsense',
      ['error 5:24 "autopart" of EL 9 has no option --nonsense'],
    ],
    [
      'el9',
      'autopart\npart / --size=1',
      ['error 6:1 "part" does not go together with "autopart" in line 5: take one of them out'],
    ],
    ['el6', 'autopart\npart / --size=1', []],
    [
      'el9',
      'autopart\nuser --name=a --password=secret',
      [
        'warning 6:1 "user" holds a password as it is: put --iscrypted and its hash there (muster password hash)',
      ],
    ],
    ['el9', 'autopart\n%packages\n@core\n', ['error 6:1 %packages has no %end']],
    ['el5', 'autopart\n%packages\n@core\n', []],
    ['el5', 'autopart\n%packages\n%end', ['error 7:1 EL 5 knows no %end: a section goes on to the next one']],
    ['el9', 'autopart\n%end', ['error 6:1 %end stands where no section is open']],
    [
      'el9',
      'autopart\n%pre\necho\n%post\necho\n%end',
      ['error 8:1 %post begins before %pre of line 6 has ended: put %end before it'],
    ],
    ['el9', 'autopart\n%posst\n%end', ['error 6:1 EL 9 knows no section %posst (there is "%post")']],
    ['el6', 'autopart\n%pre-install\n%end', ['error 6:1 EL 6 knows no section %pre-install']],
    [
      'el9',
      'autopart\n%post --nochroot --erroronfial\n%end',
      ['warning 6:18 %post has no option --erroronfial (there is "--erroronfail")'],
    ],
    ['el9', 'autopart\n%post\nautoprat --nonsense "\n%include x\n%d\n%end', []],
  ];
  for (const [system, text, expected] of cases) {
    test(`${system}: ${JSON.stringify(text)}`, () => {
      const input = { kind: 'kickstart', text: COMPLETE + text, system: SYSTEMS[system] };
      expect(findingsOf(lintAnswer(input))).toEqual(expected);
    });
  }
});

test('what the installer would ask for is told, unless a part of the file is elsewhere', () => {
  const text = (more: string): readonly Found[] =>
    findingsOf(lintAnswer({ kind: 'kickstart', text: `lang en_US\ntimezone UTC\n${more}` }));
  expect(text('')).toEqual([
    'warning 1 the installer will ask for the keyboard: there is no "keyboard"',
    'warning 1 the installer will ask for root\'s password: there is no "rootpw"',
    'warning 1 the installer will ask for how the disk is divided: there is no "autopart"',
  ]);
  expect(text('%include /tmp/rest.ks\n')).toEqual([]);
});
