import type { MacAddress, Uuid } from '../../lib/addresses.ts';
import { MAX_LABELS } from '../../lib/labels.ts';
import { withoutUndefined } from '../../lib/without-undefined.ts';
import type { ChainName } from '../boot/firmware.ts';
import type { MemoryCheck } from '../boot/memory-check.ts';
import type { SourceProtocol } from '../images/install-source.ts';
import { parsePortText } from '../network/relay-port-text.ts';
import { objectionToIdentity } from './identify.ts';
import { type Machine, type MachinePort, MAX_VARIABLES_PER_MACHINE } from './machine.ts';

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

/** The machine with its port in the one form that relays' words have here, too. */
export function withReadPort<Some extends Pick<Machine, 'port'>>(
  machine: Some,
): { readonly machine: Some } | { readonly objection: string } {
  const { port } = machine;
  if (port === undefined) return { machine };
  const { circuitId, remoteId } = port;
  try {
    const sender = remoteId === undefined ? {} : { remoteId: parsePortText(remoteId) };
    return { machine: { ...machine, port: { circuitId: parsePortText(circuitId), ...sender } } };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return { objection: error.message };
  }
}

/** What speaks against a machine, whatever others there are. */
export function objectionToMachine(machine: Machine): string | undefined {
  const { name, labels, variables } = machine;
  for (const [what, count, max] of [
    ['variables', Object.keys(variables).length, MAX_VARIABLES_PER_MACHINE],
    ['labels', Object.keys(labels).length, MAX_LABELS],
  ] as const) {
    if (count > max) return `${name} would have more than ${max} ${what}: take some away first`;
  }
  return objectionToIdentity(machine);
}
