import type { ChainName } from '../../core/boot/firmware.ts';
import type { MemoryCheck } from '../../core/boot/memory-check.ts';
import type { SourceProtocol } from '../../core/images/install-source.ts';
import type { Machine, MachinePort } from '../../core/machines/machine.ts';
import {
  editMachine,
  type MachineEdit,
  objectionToMachine,
  withReadPort,
} from '../../core/machines/edit-machine.ts';
import type { MachinePage, MachineQuery } from '../../core/machines/machine-page.ts';
import type { ChangeDecision, MachineStore } from '../../core/machines/machine-store.ts';
import { type Chosen, chooseMachines, type Selector } from '../../core/machines/selector.ts';
import { type MacAddress, parseMac, type Uuid } from '../../lib/addresses.ts';
import type { Clock } from '../../lib/clock.ts';
import { type HashPassword, hidePasswords } from '../answers/hide-passwords.ts';
import type { InstallSources } from '../installs/install-sources.ts';
import { type Outcome, type Refusal, refusal } from '../refusal.ts';

/** What people say of a machine; the rest is given to it here. */
export interface MachineDraft {
  readonly name: string;
  readonly macs: readonly MacAddress[];
  readonly uuid?: Uuid;
  readonly serial?: string;
  readonly assetTag?: string;
  /** As people write it. */
  readonly port?: MachinePort;
  readonly labels?: Readonly<Record<string, string>>;
  readonly variables: Readonly<Record<string, string>>;
  readonly loader?: ChainName;
  readonly source?: SourceProtocol;
  readonly memoryMegabytes?: number;
  readonly memoryCheck?: MemoryCheck;
}

export interface MachineServiceNeeds {
  readonly machines: MachineStore;
  readonly clock: Clock;
  readonly sources: Pick<InstallSources, 'objectionTo'>;
  /** That many random bytes as lower-case hex. */
  readonly randomHex: (bytes: number) => string;
  readonly hashPassword: HashPassword;
}

/** Of the hex digits in a machine's id. */
export const MACHINE_ID_BYTES = 6;

/** The machines people make known. */
export class MachineService {
  readonly #needs: MachineServiceNeeds;

  constructor(needs: MachineServiceNeeds) {
    this.#needs = needs;
  }

  list(): Promise<readonly Machine[]> {
    return this.#needs.machines.list();
  }

  page(query: MachineQuery): Promise<MachinePage> {
    return this.#needs.machines.page(query);
  }

  /** What machines are called, by their ids; those that are gone are left out. */
  namesOf(ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
    return this.#needs.machines.namesOf(ids);
  }

  /** What the machines of these MAC addresses are called, by address. */
  namesOfMacs(macs: readonly MacAddress[]): Promise<ReadonlyMap<MacAddress, string>> {
    return this.#needs.machines.namesOfMacs(macs);
  }

  /** Those that it chooses now, each with its reason, by name. */
  async choose(selector: Selector): Promise<readonly Chosen<Machine>[]> {
    return chooseMachines(selector, await this.#needs.machines.list());
  }

  byId(id: string): Promise<Machine | undefined> {
    return this.#needs.machines.byId(id);
  }

  /** By what people call it: its name, its id, or one of its MAC addresses. */
  find(reference: string): Promise<Machine | undefined> {
    return findMachine(this.#needs.machines, reference);
  }

  async add(draft: MachineDraft): Promise<Outcome<{ machine: Machine }>> {
    const hidden = await hidePasswords(draft.variables, this.#needs.hashPassword);
    if (!hidden.done) return hidden;
    const decided = this.#decide({
      ...draft,
      variables: hidden.variables,
      id: `m-${this.#needs.randomHex(MACHINE_ID_BYTES)}`,
      macs: [...new Set(draft.macs)],
      labels: draft.labels ?? {},
      createdAtMs: this.#needs.clock.nowMs(),
    });
    if (!decided.change) return decided.because;
    const result = await this.#needs.machines.put(decided.machine);
    return result.put ? { done: true, machine: decided.machine } : refusal('conflict', result.because);
  }

  async change(reference: string, edit: MachineEdit): Promise<Outcome<{ machine: Machine }>> {
    const machine = await this.find(reference);
    if (!machine) return unknownMachine(reference);
    const hidden = await hidePasswords(setIn(edit.variables), this.#needs.hashPassword);
    if (!hidden.done) return hidden;
    const whole = { ...edit, variables: { ...takenFrom(edit.variables), ...hidden.variables } };
    const result = await this.#needs.machines.change(machine.id, (now) =>
      this.#decide(editMachine(now, whole)),
    );
    if (result.changed) return { done: true, machine: result.machine };
    if (result.why === 'gone') return unknownMachine(reference);
    return result.why === 'taken' ? refusal('conflict', result.because) : result.because;
  }

  async remove(reference: string): Promise<Outcome> {
    const machine = await this.find(reference);
    if (!machine) return unknownMachine(reference);
    const result = await this.#needs.machines.remove(machine.id);
    return result.removed ? { done: true } : refusal('refused', result.because);
  }

  #decide(draft: Machine): ReturnType<ChangeDecision<Refusal>> {
    const read = withReadPort(draft);
    if ('objection' in read) return { change: false, because: refusal('bad configuration', read.objection) };
    const { machine } = read;
    const { name, source } = machine;
    const because =
      objectionToMachine(machine) ??
      (source && this.#needs.sources.objectionTo({ protocol: source, by: `machine ${name}` }));
    return because === undefined
      ? { change: true, machine }
      : { change: false, because: refusal('refused', because) };
  }
}

type Variables = Readonly<Record<string, string>>;

/** What an edit sets, without what it takes away. */
function setIn(variables: MachineEdit['variables'] = {}): Variables {
  return Object.fromEntries(
    Object.entries(variables).flatMap(([name, value]) => (value === null ? [] : [[name, value] as const])),
  );
}

function takenFrom(variables: MachineEdit['variables'] = {}): Readonly<Record<string, null>> {
  return Object.fromEntries(
    Object.entries(variables).flatMap(([name, value]) => (value === null ? [[name, value] as const] : [])),
  );
}

/** By what people call it: its name, its id, or one of its MAC addresses. */
export async function findMachine(
  machines: Pick<MachineStore, 'byId' | 'byMac' | 'byName'>,
  reference: string,
): Promise<Machine | undefined> {
  const known = readMachineReference(reference);
  switch (known.by) {
    case 'id':
      return await machines.byId(known.id);
    case 'mac':
      return await machines.byMac(known.mac);
    case 'name':
      return await machines.byName(known.name);
    default:
      return known satisfies never;
  }
}

export type MachineReference =
  | { readonly by: 'id'; readonly id: string }
  | { readonly by: 'mac'; readonly mac: MacAddress }
  | { readonly by: 'name'; readonly name: string };

/** Names that look like an id or a MAC address are not given to machines, so this is never in doubt. */
export function readMachineReference(text: string): MachineReference {
  if (/^m-[\da-f]{12}$/.test(text)) return { by: 'id', id: text };
  try {
    return { by: 'mac', mac: parseMac(text) };
  } catch {
    return { by: 'name', name: text };
  }
}

export function unknownMachine(reference: string): Outcome<never> {
  return refusal(
    'not found',
    `there is no machine "${reference}": a name, an id or a MAC address of one that is known is wanted`,
  );
}
