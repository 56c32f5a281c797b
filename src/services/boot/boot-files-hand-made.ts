import { addressDigits, macFileName, type ScriptName } from '../../core/boot/script-name.ts';
import type { IpAddress } from '../../lib/addresses.ts';
import type { Asker } from './who-asks.ts';

/** A configuration that the user wrote, beside those that are made. */
export interface HandMade {
  readonly which: 'this name' | 'a later name' | 'none';
  readonly path: string;
}

export interface HandMadeQuestion {
  readonly asked: ScriptName;
  /** The whole name, as normalised. */
  readonly path: string;
  readonly asker: Asker;
  readonly clientAddress: IpAddress;
}

/**
 * Looks for a file of the asked name, and for those of the machine's own names that come after it in the hunt.
 *
 * @param treeHas whether the user's tree has a file of exactly this name.
 */
export async function findHandMade(
  question: HandMadeQuestion,
  treeHas: (path: string) => Promise<boolean>,
): Promise<HandMade> {
  const { path, asked } = question;
  for (const candidate of [path, ...otherSpelling(asked)]) {
    if (await treeHas(candidate)) return { which: 'this name', path: candidate };
  }
  for (const candidate of laterNames(question)) {
    if (await treeHas(candidate)) return { which: 'a later name', path };
  }
  return { which: 'none', path };
}

/** A file named by hand may have the UUID in the other byte order. */
function otherSpelling(asked: ScriptName): readonly string[] {
  return asked.asks === 'uuid' ? [`${asked.before}${asked.uuids[1]}`] : [];
}

/** The names of this machine alone that a loader asks for after the one it asks for now. */
function laterNames({ asked, asker, clientAddress }: HandMadeQuestion): readonly string[] {
  const mac = asker.mac ? [macFileName(asker.mac)] : [];
  const digits = [addressDigits(clientAddress)].filter((text) => text !== '');
  const own = { uuid: [...mac, ...digits], mac: digits };
  const names = asked.asks === 'uuid' || asked.asks === 'mac' ? own[asked.asks] : [];
  return names.map((name) => `${asked.before}${name}`);
}
