import { lintCases, type Case } from './suite/lint-cases.ts';

const XML_KINDS: readonly Case[] = [
  [
    'autoyast',
    AUTOYAST('<general><mode><confirm config:type="boolean">false</confirm></mode></general>'),
    [],
  ],
  [
    'autoyast',
    AUTOYAST('<general><mode></general>'),
    ['error 3:16 this is no well-formed XML: </general> closes <mode> of line 3'],
  ],
  [
    'autoyast',
    AUTOYAST('<softwar/>'),
    ['warning 3:1 AutoYaST may not know a section <softwar> (there is "software")'],
  ],
  [
    'autoyast',
    AUTOYAST('<general t="bool">true</general>'),
    ['error 3:1 <general> is of type "bool", which is none'],
  ],
  [
    'autoyast',
    AUTOYAST('<general t="boolean">yes</general>'),
    ['error 3:1 <general> is of type boolean, and holds something else'],
  ],
  ['autoyast', '<autoinstall/>', ['error 1:1 the root is <autoinstall>, and <profile> is wanted']],
  ['autoyast', '<profile/>', ['error 1:1 <profile> needs xmlns="http://www.suse.com/1.0/yast2ns"']],
  [
    'autoyast',
    '<profile>\n  <a b=c/></profile>',
    ['error 2:8 this is no well-formed XML: the value of b has to stand in quotes, without "<"'],
  ],
  [
    'autoyast',
    '<profile>a & b</profile>',
    [
      'error 1:12 this is no well-formed XML: "&" begins an entity that is not known here: write "&amp;" for the sign itself',
    ],
  ],
  ['autoyast', '<profile><a>', ['error 1:13 this is no well-formed XML: <a> of line 1 is not closed']],
  [
    'autoyast',
    '<a/><b/>',
    ['error 1:5 this is no well-formed XML: there is more than one root: the end was expected here'],
  ],
  [
    'autoyast',
    '<!-- a -- b --><a/>',
    ['error 1:1 this is no well-formed XML: "--" cannot stand in a comment'],
  ],
  [
    'autoyast',
    '<a b="1" b="2"/>',
    ['error 1:10 this is no well-formed XML: the attribute b stands here a second time'],
  ],
  ['autoyast', '', ['error 1:1 this is no well-formed XML: an element was expected here']],
  ['autoyast', '<profile><%= a %></profile>', []],
  ['unattend', UNATTEND(), []],
  [
    'unattend',
    UNATTEND().replace('windowsPE', 'windowPE'),
    [
      'error 2:1 pass="windowPE" is none (there is "windowsPE"): windowsPE, offlineServicing, generalize, specialize, auditSystem, auditUser, oobeSystem are',
    ],
  ],
  ['unattend', UNATTEND().replace(' language="neutral"', ''), ['error 3:1 <component> needs language="…"']],
  [
    'unattend',
    UNATTEND().replace('"amd64"', '"x64"'),
    ['error 3:1 processorArchitecture="x64" is none: x86, amd64, arm, arm64, wow64 are'],
  ],
  [
    'unattend',
    UNATTEND().replace(':unattend', ':unatend'),
    ['error 1:1 <unattend> needs xmlns="urn:schemas-microsoft-com:unattend"'],
  ],
];

function AUTOYAST(inside: string): string {
  return `<?xml version="1.0"?><!DOCTYPE profile>\n<profile xmlns="http://www.suse.com/1.0/yast2ns" xmlns:config="http://www.suse.com/1.0/configns">\n${inside}\n</profile>\n`;
}

function UNATTEND(): string {
  return `<unattend xmlns="urn:schemas-microsoft-com:unattend">\n<settings pass="windowsPE">\n<component name="Microsoft-Windows-Setup" processorArchitecture="amd64" publicKeyToken="31bf3856ad364e35" language="neutral" versionScope="nonSxS"><a>x</a></component>\n</settings>\n</unattend>`;
}

lintCases(XML_KINDS);
