import { closestWord } from '../../../lib/closest-word.ts';
import { error, type Finding, hint, type LintInput, warning } from './finding.ts';
import { readXml, type XmlElement } from './read-xml.ts';

const NAMESPACE = 'http://www.suse.com/1.0/yast2ns';
const CONFIG_NAMESPACE = 'http://www.suse.com/1.0/configns';

/** Sections of a control file, as the AutoYaST guides of SLES 12 and 15 list them. */
const SECTIONS = [
  'add-on',
  'audit-laf',
  'auth-client',
  'autofs',
  'bootloader',
  'ca_mgm',
  'cobbler',
  'configuration_management',
  'deploy_image',
  'dhcp-server',
  'dns-server',
  'fcoe-client',
  'fcoe-client',
  'files',
  'firewall',
  'firstboot',
  'ftp-server',
  'general',
  'groups',
  'host',
  'http-server',
  'image',
  'inetd',
  'iscsi-client',
  'kdump',
  'keyboard',
  'language',
  'ldap',
  'login_settings',
  'mail',
  'networking',
  'nfs',
  'nfs_server',
  'nis',
  'nis_server',
  'ntp-client',
  'partitioning',
  'partitioning_advanced',
  'pam',
  'pkg_selection',
  'printer',
  'proxy',
  'report',
  'runlevel',
  'samba-client',
  'samba-server',
  'scripts',
  'security',
  'services-manager',
  'software',
  'sound',
  'squid',
  'ssh_import',
  'suse_register',
  'sysconfig',
  'sysctl',
  'tftp-server',
  'timezone',
  'upgrade',
  'user_defaults',
  'users',
  'zfcp',
  'dasd',
];

/** What `config:type` (or `t`) may say, and what stands in such an element. */
const TYPES: Readonly<Record<string, RegExp>> = {
  boolean: /^\s*(?:true|false)\s*$/,
  integer: /^\s*-?\d+\s*$/,
  symbol: /^\s*[\w-]+\s*$/,
  string: /^/,
  list: /^\s*$/,
  map: /^\s*$/,
  disksize: /^/,
};

/** A control file of AutoYaST. With ERB in it (`.erb`, SLE 15.3) it is none of XML's and not looked through. */
export function lintAutoyast({ text }: LintInput): readonly Finding[] {
  if (text.includes('<%')) return [];
  const read = readXml(text);
  if (!read.read) return read.findings;
  const { root } = read;
  const findings = [...lintRoot(root)];
  for (const section of root.children)
    if (!SECTIONS.includes(section.name))
      findings.push(
        warning(
          section.line,
          section.column,
          `AutoYaST may not know a section <${section.name}>${hint(closestWord(section.name, SECTIONS))}`,
        ),
      );
  return [...findings, ...lintTypes(root)];
}

function lintRoot({ name, attributes, line, column }: XmlElement): readonly Finding[] {
  if (name !== 'profile') return [error(line, column, `the root is <${name}>, and <profile> is wanted`)];
  const findings: Finding[] = [];
  if (attributes.get('xmlns') !== NAMESPACE)
    findings.push(error(line, column, `<profile> needs xmlns="${NAMESPACE}"`));
  const config = attributes.get('xmlns:config');
  if (config !== undefined && config !== CONFIG_NAMESPACE)
    findings.push(error(line, column, `xmlns:config has to be "${CONFIG_NAMESPACE}"`));
  return findings;
}

function lintTypes(element: XmlElement): readonly Finding[] {
  const { line, column, name } = element;
  const type = element.attributes.get('config:type') ?? element.attributes.get('t');
  const findings = element.children.flatMap(lintTypes);
  if (type === undefined) return findings;
  const pattern = Object.hasOwn(TYPES, type) ? TYPES[type] : undefined;
  if (pattern === undefined)
    return [
      error(
        line,
        column,
        `<${name}> is of type "${type}", which is none${hint(closestWord(type, Object.keys(TYPES)))}`,
      ),
      ...findings,
    ];
  if (!pattern.test(element.text))
    return [error(line, column, `<${name}> is of type ${type}, and holds something else`), ...findings];
  return findings;
}
