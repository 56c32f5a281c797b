import { resetTypeFor, stepsByReset } from '../../core/power/redfish/reset-types.ts';
import { type BootPatch, bootOverride } from '../../core/power/redfish/boot-override.ts';
import { chooseSystem } from '../../core/power/redfish/choose-system.ts';
import {
  type ComputerSystem,
  readError,
  readMembers,
  readResetTypes,
  readServiceRoot,
  readSystem,
  type ResourcePath,
  type ServiceRoot,
} from '../../core/power/redfish/resources.ts';
import {
  type PowerLink,
  type PowerState,
  type PowerStep,
  PowerTrouble,
} from '../../core/power/power-driver.ts';
import type { RedfishSettings } from '../../core/power/power-settings.ts';
import { isYes, type RedfishAnswer, RedfishConnection } from './redfish-connection.ts';
import { endOfTask, locationPath, type TaskWaits, TASK_WAITS } from './redfish-task.ts';

export interface RedfishTarget {
  readonly settings: RedfishSettings;
  readonly password: string;
  /** The machine's, to find it among several systems. */
  readonly uuid?: string;
  readonly waits?: TaskWaits;
}

/** For the end of a session, also where the action had no time left. */
const GOODBYE_MS = 3000;
const PRECONDITION_FAILED = 412;
/** Of one change, each with what was just read, where somebody else was quicker. */
const MAX_PATCHES = 3;

const ROOT = '/redfish/v1/';
/** Of a service whose root does not say where sessions are (DSP0266 §13.3.4.1). */
const USUAL_SESSIONS = '/redfish/v1/SessionService/Sessions';

/** Logs in and finds the machine's system. @throws PowerTrouble, and SyntaxError where no Redfish is spoken */
export async function openRedfish(target: RedfishTarget, enough: AbortSignal): Promise<PowerLink> {
  const connection = new RedfishConnection(target.settings, enough);
  const link = new RedfishLink(connection, target);
  try {
    await link.open();
    return link;
  } catch (error) {
    await link.close();
    throw error;
  }
}

class RedfishLink implements PowerLink {
  readonly #connection: RedfishConnection;
  readonly #target: RedfishTarget;
  #vendor = '';
  #session: ResourcePath | undefined;
  #system: ComputerSystem | undefined;
  #allowable: readonly string[] | undefined;

  constructor(connection: RedfishConnection, target: RedfishTarget) {
    this.#connection = connection;
    this.#target = target;
  }

  async open(): Promise<void> {
    // The root is for everybody (DSP0266 §13.3.2), so nobody has to be trusted with the password to find the door.
    const root = readServiceRoot((await this.#connection.expect('GET', ROOT)).body);
    this.#vendor = root.vendor;
    await this.#logIn(root);
    const path = await this.#findSystem(root.systems);
    const system = await this.#read(path);
    this.#allowable = system.reset?.allowable ?? (await this.#allowableOf(system));
  }

  get can(): readonly PowerStep[] {
    const resets = this.#known.reset === undefined ? [] : stepsByReset(this.#allowable);
    return [...resets, 'pxe-next'];
  }

  async readState(): Promise<PowerState> {
    return (await this.#read(this.#known.path)).power;
  }

  async perform(step: PowerStep): Promise<void> {
    if (step === 'pxe-next') return await this.#bootFromNetworkNext();
    const { reset } = this.#known;
    const type = resetTypeFor(step, this.#allowable);
    if (reset === undefined || type === undefined)
      throw new PowerTrouble('unsupported', `the BMC has no reset of a kind for "${step}"`);
    const answer = await this.#connection.ask('POST', reset.target, { body: { ResetType: type } });
    if (isYes(answer)) return await this.#untilDone(answer, `reset ${type}`);
    // It is so already: the state changed since it was read (DSP0268, Base message NoOperation).
    if (readError(answer.body).ids.some((id) => id.endsWith('.NoOperation'))) return;
    throw this.#connection.troubleOf(answer, `reset ${type}`);
  }

  async close(): Promise<void> {
    // A BMC has room for few sessions, and keeps one that is left behind for half an hour.
    if (this.#session !== undefined)
      await this.#connection.ask('DELETE', this.#session, { withinMs: GOODBYE_MS }).catch(() => undefined);
    await this.#connection.close();
  }

  get #known(): ComputerSystem {
    if (this.#system === undefined) throw new TypeError('The Redfish service was not opened');
    return this.#system;
  }

  async #logIn({ sessions }: ServiceRoot): Promise<void> {
    const { settings, password } = this.#target;
    const basic = `Basic ${Buffer.from(`${settings.user}:${password}`).toString('base64')}`;
    const isBasic = settings.login === 'basic' || (settings.login === 'auto' && sessions === undefined);
    if (isBasic) return this.#connection.authorize({ authorization: basic });
    const body = { UserName: settings.user, Password: password };
    const answer = await this.#connection.ask('POST', sessions ?? USUAL_SESSIONS, { body });
    const token = answer.header('x-auth-token');
    if (isYes(answer) && token !== undefined) {
      this.#session = locationPath(answer, settings.url);
      return this.#connection.authorize({ 'x-auth-token': token });
    }
    // Not after a 401: a second try with the same words counts towards a lock-out.
    if (settings.login === 'auto' && [404, 405, 501].includes(answer.status))
      return this.#connection.authorize({ authorization: basic });
    throw this.#connection.troubleOf(answer, 'a session');
  }

  async #findSystem(collection: ResourcePath): Promise<ResourcePath> {
    const { settings, uuid } = this.#target;
    const wish = {
      ...(settings.system === undefined ? {} : { system: settings.system }),
      ...(uuid === undefined ? {} : { uuid }),
    };
    const members = readMembers((await this.#connection.expect('GET', collection)).body);
    let choice = chooseSystem(members, wish);
    if (!choice.chosen && choice.read) {
      const read: ComputerSystem[] = [];
      for (const path of members) read.push(await this.#read(path));
      choice = chooseSystem(members, wish, read);
    }
    if (choice.chosen) return choice.path;
    throw new PowerTrouble('refused', choice.read ? 'its systems cannot be told apart' : choice.because);
  }

  async #read(path: ResourcePath): Promise<ComputerSystem> {
    const answer = await this.#connection.expect('GET', path);
    this.#system = readSystem(answer.body, path, answer.header('etag'));
    return this.#system;
  }

  async #allowableOf({ reset }: ComputerSystem): Promise<readonly string[] | undefined> {
    if (reset?.info === undefined) return undefined;
    return readResetTypes((await this.#connection.expect('GET', reset.info)).body);
  }

  async #bootFromNetworkNext(): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      // Read anew: its ETag must be of now, and a BMC changes its systems by itself, too.
      const system = await this.#read(this.#known.path);
      const override = bootOverride(system, this.#vendor, this.#target.settings);
      if (!override.told) throw new PowerTrouble('unsupported', override.because);
      const answer = await this.#patch(system, override.patch);
      if (isYes(answer)) return await this.#untilDone(answer, 'the next boot');
      if (answer.status !== PRECONDITION_FAILED || attempt === MAX_PATCHES)
        throw this.#connection.troubleOf(answer, 'the next boot');
    }
  }

  async #untilDone(taken: RedfishAnswer, what: string): Promise<void> {
    const { settings, waits = TASK_WAITS } = this.#target;
    await endOfTask(taken, { connection: this.#connection, base: settings.url, what, waits });
  }

  async #patch({ path, etag }: ComputerSystem, body: BootPatch): Promise<RedfishAnswer> {
    const patch = async (given: string | undefined): Promise<RedfishAnswer> => {
      const headers: Record<string, string> = given === undefined ? {} : { 'if-match': given };
      return await this.#connection.ask('PATCH', path, { body, headers });
    };
    const answer = await patch(etag);
    // A weak one never matches (RFC 9110 §13.1.1), and services that only know weak ones mean the strong one.
    const isWeak = etag?.startsWith('W/') ?? false;
    return isWeak && answer.status === PRECONDITION_FAILED ? await patch(etag?.slice(2)) : answer;
  }
}
