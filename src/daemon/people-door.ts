import { mkdirSync, readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { isLoopback } from '../api/listen-api.ts';
import type { SettingsOptions } from '../cli/local-commands.ts';
import { LOCAL_DOOR_FILE, LocalDoor } from '../contract/local-door.ts';
import type { Settings } from '../core/settings/settings.ts';
import { listInterfaces } from '../os/interfaces.ts';
import { drawSecret } from '../services/people/secrets.ts';
import { type ApiIdentity, apiIdentity } from './api-identity.ts';
import { StartError } from './lifecycle.ts';
import { loadSettings, SettingsError } from './load-settings.ts';
import { writeOwnFile } from './own-file.ts';
import { sourcesOf } from './settings-sources.ts';

const SYSTEM_DATA = '/var/lib/muster';
/** Of root, and empty after each boot of this computer. */
const RUN_FOLDER = '/run/muster';
const ALL_ADDRESSES = new Set(['0.0.0.0', '::']);

/** What the people's door shows over TLS, and what this computer's own commands show it. @throws StartError */
export async function preparePeopleDoor(
  settings: Settings,
  dataFolder: string,
  nowMs: number,
): Promise<{ readonly identity: ApiIdentity | undefined; readonly localSecret: string }> {
  const identity = await identityOf(settings, dataFolder, nowMs);
  const localSecret = drawSecret();
  writeLocalDoor(dataFolder, settings, identity, localSecret);
  return { identity, localSecret };
}

/** Undefined where it is reached without TLS. */
async function identityOf(
  settings: Settings,
  dataFolder: string,
  nowMs: number,
): Promise<ApiIdentity | undefined> {
  const { 'api.address': address, 'api.port': port, 'api.tls': tls } = settings;
  const isWanted = tls === 'on' || (tls === 'auto' && !isLoopback(address));
  if (port === 'off' || !isWanted) return undefined;
  return await apiIdentity(settings, dataFolder, namesOf(address), nowMs);
}

/** What people may reach it by. */
function namesOf(address: string): readonly string[] {
  const isAll = ALL_ADDRESSES.has(address);
  const addresses = listInterfaces().flatMap((one) => one.addresses.map(({ address: ipv4 }) => ipv4));
  const reached = isAll ? addresses : isLoopback(address) ? [] : [address];
  return [...new Set([hostname(), 'localhost', '127.0.0.1', '::1', ...reached])];
}

/** How this computer's commands reach it. @throws StartError when it cannot be written. */
function writeLocalDoor(
  dataFolder: string,
  { 'api.address': address, 'api.port': port }: Settings,
  identity: ApiIdentity | undefined,
  token: string,
): void {
  const host = ALL_ADDRESSES.has(address) ? '127.0.0.1' : address.includes(':') ? `[${address}]` : address;
  const url = `${identity === undefined ? 'http' : 'https'}://${host}:${port}`;
  const door: LocalDoor = {
    url,
    token,
    ...(identity === undefined ? {} : { certificate: identity.certificate }),
  };
  writeOwn(join(dataFolder, LOCAL_DOOR_FILE), door);
  const starter = whoStartedAsRoot(dataFolder);
  if (starter === undefined) return;
  mkdirSync(RUN_FOLDER, { recursive: true, mode: 0o755 });
  writeOwn(join(RUN_FOLDER, doorOf(starter)), door, starter);
}

const doorOf = (uid: number): string => `door-${uid}.json`;

/**
 * The user who typed `sudo muster up`: may become root anyway, and types the next command without sudo. Only for the
 * Muster of this computer, so that one of a test or a trial takes nobody's place.
 */
function whoStartedAsRoot(dataFolder: string): number | undefined {
  const { SUDO_UID: uid = '' } = process.env;
  return process.getuid?.() === 0 && dataFolder === SYSTEM_DATA && /^[1-9]\d{0,9}$/.test(uid)
    ? Number(uid)
    : undefined;
}

/** @param uid whose it is, where it is not that of this process. */
function writeOwn(file: string, door: LocalDoor, uid?: number): void {
  try {
    writeOwnFile(file, `${JSON.stringify(door, undefined, 2)}\n`, uid);
  } catch (error) {
    const because = error instanceof Error ? error.message : String(error);
    throw new StartError(`Cannot write ${file} (${because}): look whether the disk is full`, 1);
  }
}

/**
 * That of the settings' data folder, or that of the Muster which this user started with sudo.
 *
 * @returns undefined where this user may read neither, or Muster never ran here.
 */
export function readLocalDoor(options: SettingsOptions = { set: [] }): LocalDoor | undefined {
  const uid = process.getuid?.() ?? 0;
  return (
    readDoor(() => join(dataFolderOf(options), LOCAL_DOOR_FILE)) ??
    readDoor(() => join(RUN_FOLDER, doorOf(uid)))
  );
}

function dataFolderOf(options: SettingsOptions): string {
  return loadSettings(sourcesOf(options)).settings.dataFolder ?? SYSTEM_DATA;
}

function readDoor(file: () => string): LocalDoor | undefined {
  try {
    return LocalDoor.safeParse(JSON.parse(readFileSync(file(), 'utf8'))).data;
  } catch (error) {
    if (error instanceof SettingsError || error instanceof SyntaxError) return undefined;
    if (error instanceof Error && 'code' in error) return undefined;
    throw error;
  }
}
