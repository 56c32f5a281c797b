import type { Answer, Asked } from '../../data/client.ts';

type Subnet = Answer<'getSubnet'>;
export type SubnetInput = NonNullable<Asked<'putSubnet'>['input']>;

/** What the form has fields for, as it was typed. */
export interface Typed {
  readonly network: string;
  readonly mode: string;
  readonly ranges: string;
  readonly routers: string;
  readonly dnsServers: string;
  readonly domainName: string;
  /** Empty: the best for each firmware. */
  readonly loader: string;
}

export const LOADERS = ['pxelinux', 'grub', 'ipxe'] as const satisfies readonly SubnetInput['loader'][];

/** What the form has no field for stays as it was: a PUT takes the whole. */
export function inputOf(typed: Typed, before: Subnet | undefined): SubnetInput {
  const { domainName: _domain, loader: _loader, ...kept } = before ?? {};
  const loader = LOADERS.find((one) => one === typed.loader);
  return {
    ...kept,
    network: typed.network,
    mode: typed.mode as SubnetInput['mode'],
    ranges: typed.ranges
      .split(/[,;\n]+/)
      .map((text) => text.trim())
      .filter((text) => text !== '')
      .map(rangeOf),
    routers: wordsOf(typed.routers),
    dnsServers: wordsOf(typed.dnsServers),
    ...(typed.domainName === '' ? {} : { domainName: typed.domainName }),
    ...(loader === undefined ? {} : { loader }),
  };
}

/** One address alone is a range of one. */
function rangeOf(text: string): { readonly first: string; readonly last: string } {
  const [first = '', last = first] = text.split('-').map((part) => part.trim());
  return { first, last };
}

function wordsOf(text: string): string[] {
  return text.split(/[\s,]+/).filter((word) => word !== '');
}

export function rangesText(ranges: Subnet['ranges']): string {
  return ranges.map(({ first, last }) => `${first}-${last}`).join(', ');
}
