import { netmaskOf, networkContains, networkOf, parseIpv4, parseMac } from '../../lib/addresses.ts';
import type { Machine } from '../machines/machine.ts';
import type { VariableValue } from './variable-kinds.ts';

/** `network` in a template: the variables of the network, in the words that installers want. */
export interface NetworkWords {
  /** Whether the installed system gets a fixed address; otherwise the rest but `mac` and `device` says nothing. */
  readonly fixed: boolean;
  readonly address: string;
  readonly prefix: number;
  readonly netmask: string;
  readonly gateway: string;
  readonly dns_servers: readonly string[];
  /** The card, by its MAC address or its name: one of them is empty, or both. */
  readonly mac: string;
  readonly device: string;
}

type Values = Readonly<Record<string, VariableValue>>;

const DEFAULT_PREFIX = 24;

export function networkWords(values: Values, machine: Pick<Machine, 'macs'>): NetworkWords {
  const address = textOf(values, 'address');
  const prefix = prefixOf(values);
  const card = textOf(values, 'interface');
  const servers = values['dns_servers'];
  return {
    fixed: address !== '',
    address,
    prefix,
    netmask: netmaskOf(networkOf(parseIpv4(address === '' ? '0.0.0.0' : address), prefix)),
    gateway: textOf(values, 'gateway'),
    dns_servers: Array.isArray(servers) ? servers : [],
    ...cardWords(card, machine),
  };
}

function cardWords(card: string, { macs }: Pick<Machine, 'macs'>): Pick<NetworkWords, 'mac' | 'device'> {
  if (card === '') return { mac: macs[0] ?? '', device: '' };
  return card.includes(':') ? { mac: parseMac(card), device: '' } : { mac: '', device: card };
}

/** Why these variables cannot hold together, or undefined. */
export function objectionToNetwork(values: Values): string | undefined {
  const [address, gateway] = [textOf(values, 'address'), textOf(values, 'gateway')];
  if (address === '') {
    return gateway === ''
      ? undefined
      : 'variable gateway is set and address is not: set both, or neither to have the installed system ask by DHCP';
  }
  const network = networkOf(parseIpv4(address), prefixOf(values));
  if (gateway === '' || networkContains(network, parseIpv4(gateway))) return undefined;
  return `variable gateway is ${gateway}, which is not in ${network.address}/${network.prefixLength}, the network of address and prefix: correct one of them`;
}

function prefixOf(values: Values): number {
  const prefix = values['prefix'];
  return typeof prefix === 'number' ? prefix : DEFAULT_PREFIX;
}

function textOf(values: Values, name: string): string {
  const value = values[name];
  return typeof value === 'string' ? value : '';
}
