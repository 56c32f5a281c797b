/** What a value is, once a template has it. */
export type Gives = 'text' | 'number' | 'switch' | 'list';

export interface TemplateName {
  /** As a template writes it. In `mirrors` the word in capitals stands for the name of a mirror. */
  readonly name: string;
  readonly gives: Gives;
  readonly sentence: string;
}

/** What templates know besides the variables: all that `context` of render-answer.ts hands to them. */
export const TEMPLATE_NAMES: readonly TemplateName[] = [
  { name: 'machine.name', gives: 'text', sentence: "The machine's name, which is its host name" },
  {
    name: 'machine.fqdn',
    gives: 'text',
    sentence: 'The same with the variable `domain` behind it, where that is set',
  },
  { name: 'machine.id', gives: 'text', sentence: 'Its id: it stays where the name is changed' },
  { name: 'machine.mac', gives: 'text', sentence: 'Its first MAC address; empty where none is known' },
  { name: 'machine.macs', gives: 'list', sentence: 'All its MAC addresses' },
  { name: 'machine.uuid', gives: 'text', sentence: "Its firmware's UUID; empty where none is known" },
  { name: 'image.name', gives: 'text', sentence: 'The name of the image that is installed' },
  { name: 'image.title', gives: 'text', sentence: 'What it calls itself: `Rocky Linux 9.4`' },
  { name: 'image.release', gives: 'text', sentence: 'Its release: `9.4`' },
  { name: 'image.major', gives: 'number', sentence: 'The first number of its release; 0 where it has none' },
  { name: 'image.architecture', gives: 'text', sentence: 'For which processors: `x86_64`' },
  { name: 'image.family', gives: 'text', sentence: 'Its family of distributions: `rhel`, `debian`' },
  { name: 'profile', gives: 'text', sentence: 'The name of the profile' },
  { name: 'urls.tree', gives: 'text', sentence: 'Where the tree of the image is' },
  { name: 'urls.protocol', gives: 'text', sentence: 'Over what: `http`, `ftp` or `nfs`' },
  { name: 'urls.server', gives: 'text', sentence: 'The server of a tree over NFS; else empty' },
  { name: 'urls.path', gives: 'text', sentence: 'The path of a tree over NFS; else empty' },
  { name: 'urls.answer', gives: 'text', sentence: 'Where this answer file is' },
  {
    name: 'urls.report',
    gives: 'text',
    sentence: 'Where the installer says how far it is: `/progress`, `/finished` and the like follow it',
  },
  {
    name: 'urls.mirror',
    gives: 'text',
    sentence: 'A package mirror that Muster serves for the image; else empty',
  },
  { name: 'urls.syslog_host', gives: 'text', sentence: 'Where logs are taken over syslog; empty where not' },
  { name: 'urls.syslog_port', gives: 'number', sentence: 'The port of that' },
  { name: 'network.fixed', gives: 'switch', sentence: 'Whether the variable `address` is set' },
  { name: 'network.address', gives: 'text', sentence: 'The variable `address`' },
  { name: 'network.prefix', gives: 'number', sentence: 'The variable `prefix`' },
  { name: 'network.netmask', gives: 'text', sentence: 'The same as a mask: `255.255.255.0`' },
  { name: 'network.gateway', gives: 'text', sentence: 'The variable `gateway`' },
  { name: 'network.dns_servers', gives: 'list', sentence: 'The variable `dns_servers`' },
  { name: 'network.mac', gives: 'text', sentence: 'The MAC address of the card; empty where it has a name' },
  { name: 'network.device', gives: 'text', sentence: 'The name of the card; empty where it is not known' },
  { name: 'mirrors.NAME.url', gives: 'text', sentence: 'The URL of a package mirror' },
  { name: 'mirrors.NAME.protocol', gives: 'text', sentence: 'Its protocol' },
  { name: 'mirrors.NAME.host', gives: 'text', sentence: 'Its server, with the port' },
  { name: 'mirrors.NAME.directory', gives: 'text', sentence: 'Its folder, with a slash before it' },
  { name: 'mirrors.NAME.local', gives: 'switch', sentence: "Whether it is not the distribution's own" },
  { name: 'package_mirror.protocol', gives: 'text', sentence: 'The protocol of where packages come from' },
  { name: 'package_mirror.host', gives: 'text', sentence: 'The server of that, with the port' },
  { name: 'package_mirror.directory', gives: 'text', sentence: 'The folder of that, with a slash before it' },
  {
    name: 'package_mirror.local',
    gives: 'switch',
    sentence: "Whether that is not the distribution's own server",
  },
  {
    name: 'level',
    gives: 'number',
    sentence: 'The Enterprise Linux whose installer reads a kickstart: 5 to 10',
  },
  { name: 'codename', gives: 'text', sentence: 'The code name of a release of Debian or Ubuntu; else empty' },
];
