import { closestWord } from '../../../lib/closest-word.ts';
import { error, type Finding, hint, type LintInput } from './finding.ts';
import { readXml, type XmlElement } from './read-xml.ts';

const NAMESPACE = 'urn:schemas-microsoft-com:unattend';
/** The passes of Windows Setup. */
const PASSES = [
  'windowsPE',
  'offlineServicing',
  'generalize',
  'specialize',
  'auditSystem',
  'auditUser',
  'oobeSystem',
];
const PROCESSORS = ['x86', 'amd64', 'arm', 'arm64', 'wow64'];
/** Every component has these; one that is missing makes Setup stop. */
const COMPONENT_ATTRIBUTES = ['name', 'processorArchitecture', 'publicKeyToken', 'language', 'versionScope'];
const PUBLIC_KEY_TOKEN = '31bf3856ad364e35';

/** An answer file of Windows Setup: its frame; what is in a component only Windows knows. */
export function lintUnattend({ text }: LintInput): readonly Finding[] {
  const read = readXml(text);
  if (!read.read) return read.findings;
  const { root } = read;
  if (root.name !== 'unattend')
    return [error(root.line, root.column, `the root is <${root.name}>, and <unattend> is wanted`)];
  const findings: Finding[] = [];
  if (root.attributes.get('xmlns') !== NAMESPACE)
    findings.push(error(root.line, root.column, `<unattend> needs xmlns="${NAMESPACE}"`));
  const seen = new Map<string, number>();
  for (const child of root.children) {
    if (child.name === 'settings') findings.push(...lintSettings(child, seen));
    else if (child.name !== 'servicing' && !child.name.includes(':'))
      findings.push(
        error(child.line, child.column, `<unattend> has no <${child.name}>: <settings> and <servicing> are`),
      );
  }
  return findings;
}

function lintSettings(settings: XmlElement, seen: Map<string, number>): readonly Finding[] {
  const { line, column } = settings;
  const pass = settings.attributes.get('pass') ?? '';
  const findings: Finding[] = [];
  if (!PASSES.includes(pass))
    findings.push(
      error(
        line,
        column,
        `pass="${pass}" is none${hint(closestWord(pass, PASSES))}: ${PASSES.join(', ')} are`,
      ),
    );
  const before = seen.get(pass);
  if (before !== undefined)
    findings.push(error(line, column, `pass ${pass} stands in line ${before} already`));
  else seen.set(pass, line);
  return [...findings, ...settings.children.flatMap(lintComponent)];
}

function lintComponent({ name, attributes, line, column }: XmlElement): readonly Finding[] {
  if (name !== 'component')
    return [error(line, column, `<settings> has no <${name}>: <component> is wanted`)];
  const findings = COMPONENT_ATTRIBUTES.filter((wanted) => !attributes.has(wanted)).map((wanted) =>
    error(line, column, `<component> needs ${wanted}="…"`),
  );
  const processor = attributes.get('processorArchitecture');
  if (processor !== undefined && !PROCESSORS.includes(processor))
    findings.push(
      error(line, column, `processorArchitecture="${processor}" is none: ${PROCESSORS.join(', ')} are`),
    );
  const token = attributes.get('publicKeyToken');
  if (token !== undefined && token !== PUBLIC_KEY_TOKEN)
    findings.push(error(line, column, `publicKeyToken has to be "${PUBLIC_KEY_TOKEN}", Microsoft's own`));
  return findings;
}
