import { yamlText } from '../yaml-text.ts';
import type { SetupAnswers } from './answers.ts';
import type { DhcpWay } from './propose.ts';
import type { SetupFacts } from './setup-facts.ts';

/** The two files that `muster setup` writes. */
export interface SetupFiles {
  /** What the server needs to start. */
  readonly settings: string;
  /** What is set up in it. */
  readonly site: string;
}

const MODE_OF_WAY: Readonly<Record<DhcpWay, 'full' | 'proxy' | 'auto'>> = {
  own: 'full',
  beside: 'proxy',
  auto: 'auto',
};

const WHY: Readonly<Record<DhcpWay, string>> = {
  own: 'Muster gives the addresses here (mode full).',
  beside: 'Another DHCP server gives the addresses; Muster says what to boot (mode proxy).',
  auto: 'Muster gives the addresses while no other DHCP server does (mode auto).',
};

/** @param siteFile where the site stands, which the server applies at its start. */
export function setupFiles(
  answers: SetupAnswers,
  facts: Pick<SetupFacts, 'dnsServers'>,
  siteFile: string,
): SetupFiles {
  return { settings: settingsText(answers, siteFile), site: siteText(answers, facts) };
}

function settingsText({ card, imagesFolder }: SetupAnswers, siteFile: string): string {
  return (
    '# Written by muster setup. What else can be set: docs/settings.md.\n' +
    '# What holds, and why: muster config show --origin\n' +
    yamlText({ interfaces: [card.name], images: { folder: imagesFolder }, site: { file: siteFile } })
  );
}

function siteText(answers: SetupAnswers, { dnsServers }: Pick<SetupFacts, 'dnsServers'>): string {
  const { card, dhcp, range } = answers;
  const givesAddresses = dhcp !== 'beside';
  const subnet = {
    name: 'lan',
    network: card.network,
    mode: MODE_OF_WAY[dhcp],
    ...(range === undefined ? {} : { ranges: [range] }),
    ...(givesAddresses && card.router !== undefined ? { routers: [card.router] } : {}),
    ...(givesAddresses && dnsServers.length > 0 ? { dnsServers } : {}),
  };
  const group = { name: 'everybody', selector: '!no-defaults', variables: variablesOf(answers) };
  return [
    '# Written by muster setup: what is served, and what every machine gets.',
    '# After a change: muster apply -f THIS-FILE, or start the server anew.',
    `# ${WHY[dhcp]}`,
    yamlText({ subnets: [subnet] }),
    '# All machines but those with the label no-defaults; a profile or a machine may say otherwise.',
    yamlText({ groups: [group] }),
  ].join('\n');
}

function variablesOf({ timezone, sshKeys, passwordHash }: SetupAnswers): Readonly<Record<string, string>> {
  return {
    timezone,
    ...(sshKeys.length === 0 ? {} : { root_ssh_keys: sshKeys.join('\n') }),
    ...(passwordHash === undefined ? {} : { root_password_hash: passwordHash }),
  };
}
