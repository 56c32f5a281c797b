import type { ChainName } from '../core/boot/firmware.ts';
import type { MemoryCheck } from '../core/boot/memory-check.ts';
import type { SourceProtocol } from '../core/images/install-source.ts';
import type { Machine } from '../core/machines/machine.ts';
import type { MachineStore } from '../core/machines/machine-store.ts';
import { type MacAddress, parseMac, type Uuid } from '../lib/addresses.ts';
import type { Clock } from '../lib/clock.ts';
import { withoutUndefined } from '../lib/without-undefined.ts';
import { type HashPassword, hidePasswords } from './hide-passwords.ts';
import type { InstallSources } from './install-sources.ts';
import { type Outcome, refusal } from './refusal.ts';

/** What people say of a machine; the rest is given to it here. */
export interface MachineDraft {
  readonly name: string;
  readonly macs: readonly MacAddress[];
  readonly uuid?: Uuid;
  readonly variables: Readonly<Record<string, string>>;
  readonly loader?: ChainName;
  readonly source?: SourceProtocol;
  readonly memoryMegabytes?: number;
  readonly memoryCheck?: MemoryCheck;
}

/** What is absent stays as it is; `null` takes a value away (RFC 7396). */
export interface MachineEdit {
  readonly name?: string;
  readonly macs?: readonly MacAddress[];
  readonly uuid?: Uuid | null;
  readonly variables?: Readonly<Record<string, string | null>>;
  readonly loader?: ChainName | null;
  readonly source?: SourceProtocol | null;
  readonly memoryMegabytes?: number | null;
  readonly memoryCheck?: MemoryCheck | null;
}

export interface MachineServiceNeeds {
  readonly machines: MachineStore;
  readonly clock: Clock;
  readonly sources: Pick<InstallSources, 'objectionTo'>;
  /** That many random bytes as lower-case hex. */
  readonly randomHex: (bytes: number) => string;
  readonly hashPassword: HashPassword;
}

/** Variables one machine may have, also after many small changes. */
export const MAX_VARIABLES_PER_MACHINE = 100;

const ID_BYTES = 6;

/** The machines people make known. */
export class MachineService {
  readonly #needs: MachineServiceNeeds;

  constructor(needs: MachineServiceNeeds) {
    this.#needs = needs;
  }

  list(): Promise<readonly Machine[]> {
    return this.#needs.machines.list();
  }

  byId(id: string): Promise<Machine | undefined> {
    return this.#needs.machines.byId(id);
  }

  /** By what people call it: its name, its id, or one of its MAC addresses. */
  async find(reference: string): Promise<Machine | undefined> {
    const { machines } = this.#needs;
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

  async add(draft: MachineDraft): Promise<Outcome<{ machine: Machine }>> {
    const machine: Machine = {
      ...draft,
      id: `m-${this.#needs.randomHex(ID_BYTES)}`,
      macs: [...new Set(draft.macs)],
      createdAtMs: this.#needs.clock.nowMs(),
    };
    return await this.#put(machine);
  }

  async change(reference: string, edit: MachineEdit): Promise<Outcome<{ machine: Machine }>> {
    const machine = await this.find(reference);
    if (!machine) return unknownMachine(reference);
    const changed = editMachine(machine, edit);
    if (Object.keys(changed.variables).length > MAX_VARIABLES_PER_MACHINE) {
      return refusal(
        'refused',
        `${machine.name} would have more than ${MAX_VARIABLES_PER_MACHINE} variables: take some away first`,
      );
    }
    return await this.#put(changed);
  }

  async remove(reference: string): Promise<Outcome> {
    const machine = await this.find(reference);
    if (!machine) return unknownMachine(reference);
    const result = await this.#needs.machines.remove(machine.id);
    return result.removed ? { done: true } : refusal('refused', result.because);
  }

  async #put(draft: Machine): Promise<Outcome<{ machine: Machine }>> {
    const hidden = await hidePasswords(draft.variables, this.#needs.hashPassword);
    if (!hidden.done) return hidden;
    const machine = { ...draft, variables: hidden.variables };
    const { name, source } = machine;
    const because = source && this.#needs.sources.objectionTo({ protocol: source, by: `machine ${name}` });
    if (because !== undefined) return refusal('refused', because);
    const result = await this.#needs.machines.put(machine);
    return result.put ? { done: true, machine } : refusal('conflict', result.because);
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

function unknownMachine(reference: string): Outcome<never> {
  return refusal(
    'not found',
    `there is no machine "${reference}": a name, an id or a MAC address of one that is known is wanted`,
  );
}

/** The machine as the edit makes it. */
export function editMachine(machine: Machine, edit: MachineEdit): Machine {
  const variables: Record<string, string> = { ...machine.variables };
  for (const [name, value] of Object.entries(edit.variables ?? {})) {
    if (value === null) delete variables[name];
    else variables[name] = value;
  }
  return withoutUndefined({
    ...machine,
    name: edit.name ?? machine.name,
    macs: edit.macs ? [...new Set(edit.macs)] : machine.macs,
    variables,
    uuid: edited(machine.uuid, edit.uuid),
    loader: edited(machine.loader, edit.loader),
    source: edited(machine.source, edit.source),
    memoryMegabytes: edited(machine.memoryMegabytes, edit.memoryMegabytes),
    memoryCheck: edited(machine.memoryCheck, edit.memoryCheck),
  });
}

function edited<Value>(before: Value | undefined, edit: Value | null | undefined): Value | undefined {
  return edit === undefined ? before : (edit ?? undefined);
}
