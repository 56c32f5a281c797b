import type { MacAddress } from '../../lib/addresses.ts';
import type { BootPlan } from './boot-plan.ts';

/** Files of the Pi's own firmware and its device trees, for machines with an install alone. */
const PI_INSTALL_FOLDER = 'raspberry-pi';

/** What says which kernel is started, and the words on its command line. */
const PI_SETTINGS = ['config.txt', 'cmdline.txt'] as const;
type PiSettings = (typeof PI_SETTINGS)[number];

/**
 * A name as a Raspberry Pi asks for it: below its serial number, below its MAC address where its EEPROM says
 * TFTP_PREFIX=2, and without a folder where those have no start.elf or start4.elf (rpi-eeprom).
 */
export interface PiName {
  /** With its slash; empty at the top of the tree. */
  readonly folder: string;
  readonly rest: string;
}

const OWN_FOLDER = /^(?:[\da-f]{8}|[\da-f]{2}(?:-[\da-f]{2}){5})\/(?=.)/;

/** @param path normalised: no leading slash, no empty and no dot parts. */
export function parsePiName(path: string): PiName {
  const folder = OWN_FOLDER.exec(path)?.[0] ?? '';
  return { folder, rest: path.slice(folder.length) };
}

/** Whether an install changes what the name means, for machines that have one. */
export function isPiSettings(path: string): boolean {
  const { rest } = parsePiName(path);
  return PI_SETTINGS.some((name) => name === rest);
}

/** What only the ROM of a Pi asks for, and nothing that runs on it: its own folders, and its first program and settings. */
export function isOfPiRom({ folder, rest }: PiName): boolean {
  return folder !== '' || isPiSettings(rest) || /^(?:start\w*\.elf|bootcode\.bin)$/.test(rest);
}

/** Who asks, as the lease of its address tells. */
export interface PiAsker {
  readonly mac?: MacAddress | undefined;
  readonly serial?: string | undefined;
  readonly isRaspberryPi: boolean;
}

export interface PiChoice {
  /** Made for the install, and no file of the tree. */
  readonly made?: PiSettings;
  /** Names in the user's tree; the first that is there counts. For what is made they are what it is added to. */
  readonly paths: readonly string[];
}

/**
 * Where a Raspberry Pi's file is looked for. A machine's own folder may be called by its serial number or by its MAC
 * address, whichever it asks by. With an install the settings are made, and what belongs to the firmware may stand in
 * `raspberry-pi/`, where a Pi without one does not find it and goes on to its next boot device.
 */
export function choosePiFile({ folder, rest }: PiName, asker: PiAsker, plan: BootPlan): PiChoice {
  const isArmed = plan.boot === 'installer' && asker.mac !== undefined && isPi(folder, asker);
  const folders = new Set([
    folder,
    ...(folder === '' ? [] : ownFolders(asker)),
    ...(isArmed ? [`${PI_INSTALL_FOLDER}/`] : []),
    '',
  ]);
  const made = isArmed ? PI_SETTINGS.find((name) => name === rest) : undefined;
  return { ...(made === undefined ? {} : { made }), paths: [...folders].map((before) => `${before}${rest}`) };
}

/** Nobody else asks in folders of such names. */
function isPi(folder: string, asker: PiAsker): boolean {
  return folder !== '' || asker.isRaspberryPi;
}

function ownFolders({ mac, serial }: PiAsker): readonly string[] {
  return [
    ...(serial === undefined ? [] : [`${serial}/`]),
    ...(mac === undefined ? [] : [`${mac.replaceAll(':', '-')}/`]),
  ];
}
