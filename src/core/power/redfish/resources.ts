import type { PowerState } from '../power-driver.ts';

/**
 * What is read of Redfish resources (DMTF DSP0266, schemas of DSP8010): the few fields that power needs. A BMC is
 * not trusted more than any other machine: what has another type than the schema says is passed over.
 */

/** Where a resource is; `odataPath` made one of what a service said. */
export type ResourcePath = string;

export interface ServiceRoot {
  readonly systems: ResourcePath;
  /** Where sessions are made (DSP0266 §13.3.3); absent where the service has none. */
  readonly sessions?: ResourcePath;
  /** Who made it, as far as it says so. */
  readonly vendor: string;
}

export interface ComputerSystem {
  readonly id: string;
  readonly path: ResourcePath;
  readonly uuid?: string;
  readonly manufacturer: string;
  readonly power: PowerState;
  readonly reset?: ResetAction;
  readonly boot: BootOptions;
  /** Of the resource as it was read, for If-Match. */
  readonly etag?: string;
}

export interface ResetAction {
  readonly target: ResourcePath;
  /** Absent where neither the action nor its ActionInfo says it. */
  readonly allowable?: readonly string[];
  /** Where the allowable values are, if not in the action itself. */
  readonly info?: ResourcePath;
}

export interface BootOptions {
  readonly targets?: readonly string[];
  readonly mode?: string;
}

/** Members of a collection that are looked at. */
export const MAX_MEMBERS = 64;

/** @throws SyntaxError where it is none. */
export function readServiceRoot(body: unknown): ServiceRoot {
  const systems = odataPath(at(body, 'Systems', '@odata.id'));
  if (systems === undefined)
    throw new SyntaxError('It is no Redfish service with systems: its root names none');
  const sessions = odataPath(at(body, 'Links', 'Sessions', '@odata.id'));
  const oem = Object.keys(record(at(body, 'Oem')));
  const vendor = [textOf(at(body, 'Vendor')), ...oem].join(' ').trim();
  return { systems, vendor, ...(sessions === undefined ? {} : { sessions }) };
}

/** The paths in a collection, in its order. */
export function readMembers(body: unknown): readonly ResourcePath[] {
  const members = at(body, 'Members');
  if (!Array.isArray(members)) throw new SyntaxError('It is no collection of Redfish: it has no Members');
  return members.slice(0, MAX_MEMBERS).flatMap((member) => odataPath(at(member, '@odata.id')) ?? []);
}

/** @throws SyntaxError where it is none. */
export function readSystem(
  body: unknown,
  path: ResourcePath,
  etagHeader: string | undefined,
): ComputerSystem {
  const id = textOf(at(body, 'Id')) || (path.split('/').findLast((part) => part !== '') ?? '');
  if (Object.keys(record(body)).length === 0) throw new SyntaxError(`System ${id} is no resource of Redfish`);
  const etag = etagHeader ?? (textOf(at(body, '@odata.etag')) || undefined);
  const uuid = textOf(at(body, 'UUID')).toLowerCase();
  const reset = readReset(at(body, 'Actions', '#ComputerSystem.Reset'));
  return {
    id,
    path,
    manufacturer: textOf(at(body, 'Manufacturer')),
    power: POWER_STATES[textOf(at(body, 'PowerState'))] ?? 'unknown',
    boot: readBoot(at(body, 'Boot')),
    ...(uuid === '' ? {} : { uuid }),
    ...(reset === undefined ? {} : { reset }),
    ...(etag === undefined ? {} : { etag }),
  };
}

/** ComputerSystem.v1_x `PowerState`; iLO says Reset while it resets. */
const POWER_STATES: Readonly<Record<string, PowerState>> = {
  On: 'on',
  Off: 'off',
  PoweringOn: 'changing',
  PoweringOff: 'changing',
  Reset: 'changing',
  Paused: 'on',
};

function readReset(action: unknown): ResetAction | undefined {
  const target = odataPath(at(action, 'target'));
  if (target === undefined) return undefined;
  const allowable = texts(at(action, 'ResetType@Redfish.AllowableValues'));
  const info = odataPath(at(action, '@Redfish.ActionInfo'));
  return { target, ...(allowable ? { allowable } : {}), ...(info === undefined ? {} : { info }) };
}

/** The values of `ResetType` in an ActionInfo (DSP8010 ActionInfo). */
export function readResetTypes(body: unknown): readonly string[] | undefined {
  const parameters = at(body, 'Parameters');
  if (!Array.isArray(parameters)) return undefined;
  const type = parameters.find((parameter) => at(parameter, 'Name') === 'ResetType');
  return texts(at(type, 'AllowableValues'));
}

function readBoot(boot: unknown): BootOptions {
  const targets = texts(at(boot, 'BootSourceOverrideTarget@Redfish.AllowableValues'));
  const mode = textOf(at(boot, 'BootSourceOverrideMode'));
  return { ...(targets ? { targets } : {}), ...(mode === '' ? {} : { mode }) };
}

/** Messages of one error that are told; letters of each. */
const MAX_MESSAGES = 3;
const MAX_MESSAGE_LENGTH = 300;

export interface RedfishErrorText {
  readonly text: string;
  /** Such as `Base.1.8.NoOperation`. */
  readonly ids: readonly string[];
}

/** What an error says (DSP0266 §8.6), as one line. */
export function readError(body: unknown): RedfishErrorText {
  const error = at(body, 'error');
  const extended = at(error, '@Message.ExtendedInfo');
  const { text, ids } = readMessages(extended);
  return { text: text === '' ? oneLine(textOf(at(error, 'message'))) : text, ids };
}

/** Of an array of Message objects (DSP8010 Message). */
export function readMessages(messages: unknown): RedfishErrorText {
  const infos = Array.isArray(messages) ? messages.slice(0, MAX_MESSAGES) : [];
  const said = infos
    .map((info) => textOf(at(info, 'Message')) || wordsOf(info))
    .filter((text) => text !== '');
  const ids = infos.flatMap((info) => [textOf(at(info, 'MessageId')), textOf(at(info, 'MessageID'))]);
  return { text: oneLine(said.join('; ')), ids: ids.filter((id) => id !== '') };
}

/** iLO 4 says only a MessageID and its arguments. */
function wordsOf(info: unknown): string {
  const id = textOf(at(info, 'MessageId')) || textOf(at(info, 'MessageID'));
  const words = texts(at(info, 'MessageArgs')) ?? [];
  return words.length === 0 ? id : `${id} (${words.join(', ')})`;
}

function oneLine(text: string): string {
  return text
    .replaceAll(/\p{Cc}+/gu, ' ')
    .trim()
    .replace(/\.+$/, '')
    .slice(0, MAX_MESSAGE_LENGTH);
}

/**
 * A path on the very service that said it: the password and the session go along with every request, so what leads
 * to another host is none.
 */
export function odataPath(value: unknown): ResourcePath | undefined {
  if (typeof value !== 'string' || !/^\/(?!\/)[\x21-\x7e]*$/.test(value) || value.includes('\\'))
    return undefined;
  return value;
}

export function at(value: unknown, ...path: readonly string[]): unknown {
  let here = value;
  for (const key of path) {
    if (typeof here !== 'object' || here === null || !Object.hasOwn(here, key)) return undefined;
    here = (here as Readonly<Record<string, unknown>>)[key];
  }
  return here;
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}

export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function texts(value: unknown): readonly string[] | undefined {
  if (!Array.isArray(value)) return undefined;
  return value.filter((one) => typeof one === 'string');
}
