import { parseOptionText } from '../core/network/option-text.ts';
import { parsePortText } from '../core/network/relay-port-text.ts';
import type { ExtraOption, Subnet } from '../core/network/subnet.ts';
import { objectToSubnet } from '../core/network/subnet-rules.ts';
import type { SubnetStore } from '../core/network/subnet-store.ts';
import { type Outcome, refusal } from './refusal.ts';

/** A subnet as people write it: its further options as text. */
export type SubnetDraft = Omit<Subnet, 'options'> & {
  readonly options: readonly { readonly option: string; readonly value: string }[];
};

export interface SubnetServiceNeeds {
  readonly subnets: SubnetStore;
}

/** The subnets people configured. */
export class SubnetService {
  readonly #needs: SubnetServiceNeeds;

  constructor(needs: SubnetServiceNeeds) {
    this.#needs = needs;
  }

  list(): Promise<readonly Subnet[]> {
    return this.#needs.subnets.list();
  }

  byName(name: string): Promise<Subnet | undefined> {
    return this.#needs.subnets.byName(name);
  }

  async put(draft: SubnetDraft): Promise<Outcome<{ subnet: Subnet }>> {
    const read = readSubnetDraft(draft);
    if (!read.read) return refusal('bad configuration', read.because);
    const { subnet } = read;
    const result = await this.#needs.subnets.put(subnet, objectToSubnet);
    return result.put ? { done: true, subnet } : refusal('bad configuration', result.because);
  }

  async remove(name: string): Promise<Outcome> {
    const removed = await this.#needs.subnets.remove(name);
    return removed ? { done: true } : unknownSubnet(name);
  }
}

export type ReadSubnet =
  | { readonly read: true; readonly subnet: Subnet }
  | { readonly read: false; readonly because: string };

/** With its options and ports as they are sent, or why one of them cannot be. */
export function readSubnetDraft(draft: SubnetDraft): ReadSubnet {
  const options: ExtraOption[] = [];
  for (const { option, value } of draft.options) {
    const read = readOption(option, value);
    if (typeof read === 'string') return { read: false, because: read };
    options.push(read);
  }
  const ports = readPorts(draft.portReservations);
  if (typeof ports === 'string') return { read: false, because: ports };
  return { read: true, subnet: { ...draft, options, ...ports } };
}

/** The option, or the sentence that says why there is none. */
function readOption(option: string, value: string): ExtraOption | string {
  try {
    return parseOptionText(option, value);
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof RangeError) return error.message;
    throw error;
  }
}

/** Port identifiers in their one text, or the sentence that says why one is none. */
function readPorts(ports: Subnet['portReservations']): Pick<Subnet, 'portReservations'> | string {
  if (ports === undefined) return {};
  try {
    const portReservations = ports.map(({ circuitId, remoteId, ...rest }) => ({
      ...rest,
      circuitId: parsePortText(circuitId),
      ...(remoteId === undefined ? {} : { remoteId: parsePortText(remoteId) }),
    }));
    return { portReservations };
  } catch (error) {
    if (error instanceof SyntaxError) return error.message;
    throw error;
  }
}

function unknownSubnet(name: string): Outcome<never> {
  return refusal('not found', `there is no subnet "${name}"`);
}
