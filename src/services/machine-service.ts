import type { ChainName } from '../core/boot/firmware.ts';
import type { MemoryCheck } from '../core/boot/memory-check.ts';
import type { SourceProtocol } from '../core/images/install-source.ts';
import { type Machine, type MachinePort, MAX_VARIABLES_PER_MACHINE } from '../core/machines/machine.ts';
import { objectionToIdentity } from '../core/machines/identify.ts';
import type { MachineStore } from '../core/machines/machine-store.ts';
import { type Chosen, chooseMachines, type Selector } from '../core/machines/selector.ts';
import { parsePortText } from '../core/network/relay-port-text.ts';
import { type MacAddress, parseMac, type Uuid } from '../lib/addresses.ts';
import type { Clock } from '../lib/clock.ts';
import { MAX_LABELS } from '../lib/labels.ts';
import { withoutUndefined } from '../lib/without-undefined.ts';
import { type HashPassword, hidePasswords } from './hide-passwords.ts';
import type { InstallSources } from './install-sources.ts';
import { type Outcome, type Refusal, refusal } from './refusal.ts';

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

/** What is absent stays as it is; `null` takes a value away (RFC 7396). */
export interface MachineEdit {
  readonly name?: string;
  readonly macs?: readonly MacAddress[];
  readonly uuid?: Uuid | null;
  readonly serial?: string | null;
  readonly assetTag?: string | null;
  readonly port?: MachinePort | null;
  readonly labels?: Readonly<Record<string, string | null>>;
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

  /** Those that it chooses now, each with its reason, by name. */
  async choose(selector: Selector): Promise<readonly Chosen<Machine>[]> {
    return chooseMachines(selector, await this.#needs.machines.list());
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
      id: `m-${this.#needs.randomHex(MACHINE_ID_BYTES)}`,
      macs: [...new Set(draft.macs)],
      labels: draft.labels ?? {},
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
    if (Object.keys(changed.labels).length > MAX_LABELS)
      return refusal(
        'refused',
        `${machine.name} would have more than ${MAX_LABELS} labels: take some away first`,
      );
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
    const { name, source } = draft;
    const port = readPort(draft.port);
    if ('done' in port) return port;
    const machine = { ...draft, ...port, variables: hidden.variables };
    const because =
      objectionToIdentity(machine) ??
      (source && this.#needs.sources.objectionTo({ protocol: source, by: `machine ${name}` }));
    if (because !== undefined) return refusal('refused', because);
    const result = await this.#needs.machines.put(machine);
    return result.put ? { done: true, machine } : refusal('conflict', result.because);
  }
}

/** In the one form that relays' words have here, too. */
export function readPort(
  port: MachinePort | undefined,
): { readonly port?: MachinePort } | (Refusal & { readonly no: 'bad configuration' }) {
  if (port === undefined) return {};
  const { circuitId, remoteId } = port;
  try {
    const sender = remoteId === undefined ? {} : { remoteId: parsePortText(remoteId) };
    return { port: { circuitId: parsePortText(circuitId), ...sender } };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return { done: false, no: 'bad configuration', because: error.message };
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

/** The machine as the edit makes it. */
export function editMachine(machine: Machine, edit: MachineEdit): Machine {
  return withoutUndefined({
    ...machine,
    name: edit.name ?? machine.name,
    macs: edit.macs ? [...new Set(edit.macs)] : machine.macs,
    labels: merged(machine.labels, edit.labels),
    variables: merged(machine.variables, edit.variables),
    uuid: edited(machine.uuid, edit.uuid),
    serial: edited(machine.serial, edit.serial),
    assetTag: edited(machine.assetTag, edit.assetTag),
    port: edited(machine.port, edit.port),
    loader: edited(machine.loader, edit.loader),
    source: edited(machine.source, edit.source),
    memoryMegabytes: edited(machine.memoryMegabytes, edit.memoryMegabytes),
    memoryCheck: edited(machine.memoryCheck, edit.memoryCheck),
  });
}

/** What `null` stands for is taken away, what is not named stays (RFC 7396). */
function merged(
  before: Readonly<Record<string, string>>,
  edit: Readonly<Record<string, string | null>> = {},
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries({ ...before, ...edit }).flatMap(([name, value]) =>
      value === null ? [] : [[name, value] as const],
    ),
  );
}

function edited<Value>(before: Value | undefined, edit: Value | null | undefined): Value | undefined {
  return edit === undefined ? before : (edit ?? undefined);
}
