import { lintCases, type Case } from './suite/lint-cases.ts';

const ESXI_ANSWER =
  'vmaccepteula\nrootpw --iscrypted $6$a$b\ninstall --firstdisk --overwritevmfs\nnetwork --bootproto=dhcp\nreboot\n';

const LINES: readonly Case[] = [
  ['esxi', `${ESXI_ANSWER}%firstboot --interpreter=busybox\nnonsense "\n`, []],
  [
    'esxi',
    ESXI_ANSWER.replace('vmaccepteula', 'accepteulla'),
    [
      'error 1 there is no "vmaccepteula": ESXi is not installed without it',
      'error 1:1 ESXi knows no command "accepteulla" (there is "accepteula")',
    ],
  ],
  [
    'esxi',
    ESXI_ANSWER.replace('--firstdisk', '--fistdisk'),
    ['error 3:9 "install" has no option --fistdisk (there is "--firstdisk")'],
  ],
  [
    'esxi',
    '',
    [
      'error 1 there is no "vmaccepteula": ESXi is not installed without it',
      'error 1 there is no "install": ESXi does not know what to do',
      'warning 1 there is no "network": ESXi asks by DHCP',
      'warning 1 there is no "reboot": ESXi waits for a key at the end',
    ],
  ],
  [
    'esxi',
    `${ESXI_ANSWER}%frstboot\n`,
    ['error 6:1 ESXi knows no section %frstboot (there is "%firstboot")'],
  ],
  ['alpine', ALPINE_ANSWER(), []],
  [
    'alpine',
    `${ALPINE_ANSWER()}HOSTNAMEOPT=x\n`,
    ['warning 12:1 setup-alpine may not know HOSTNAMEOPT (there is "HOSTNAMEOPTS")'],
  ],
  ['alpine', `${ALPINE_ANSWER()}USEROPTS="a\n`, ['error 12:10 the quote " is not closed']],
  [
    'alpine',
    `${ALPINE_ANSWER()}reboot\n`,
    ['error 12:1 an assignment is wanted, such as HOSTNAMEOPTS="web01"'],
  ],
  [
    'alpine',
    ALPINE_ANSWER().replace(/^SSHDOPTS.*\n/m, ''),
    ['warning 1 setup-alpine asks a person for what SSHDOPTS would say'],
  ],
  ['script', '#!/bin/sh\necho\n', []],
  ['script', 'echo\n', ['error 1:1 the first line has to name the program that reads it, such as #!/bin/sh']],
  [
    'script',
    '#!/bin/sh\r\necho\r\n',
    ['error 1 it has line ends of DOS, and the program of its first line is looked for with one'],
  ],
  ['tape', 'anything', []],
];

function ALPINE_ANSWER(): string {
  return 'KEYMAPOPTS="us us"\nHOSTNAMEOPTS="-n web01"\nINTERFACESOPTS="auto lo\niface lo inet loopback\n"\nTIMEZONEOPTS="-z UTC" # a comment\nAPKREPOSOPTS="-1"\nSSHDOPTS="-c openssh"\nNTPOPTS=none\nDISKOPTS="-m sys /dev/sda"\n\n';
}

lintCases(LINES);
