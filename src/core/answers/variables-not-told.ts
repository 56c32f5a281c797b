import { enterpriseLevel } from '../images/distributions/enterprise-level.ts';
import type { Image } from '../images/image.ts';
import { ANSWER_VARIABLES } from './variables.ts';
import { LEFT_OUT } from './variables-left-out.ts';

/** A variable that somebody set, and that the installer will hear nothing of. */
export interface VariableNotTold {
  readonly variable: string;
  readonly because: string;
}

type Installed = Pick<Image, 'answerKind' | 'family' | 'title' | 'release'>;

const INITIAL = new Map(ANSWER_VARIABLES.map(({ name, initial }) => [name, initial]));

/**
 * Which of the variables the template that comes with Muster has no way to tell this image's installer, in the order of
 * their names. A value as it is without anybody's doing is no wish.
 *
 * @param given those of the profile, its groups and the machine.
 */
export function variablesNotTold(
  image: Installed,
  given: Readonly<Record<string, string>>,
): readonly VariableNotTold[] {
  return Object.entries(reasonsOf(image))
    .filter(([variable]) => isSet(given, variable) && given[variable] !== INITIAL.get(variable))
    .map(([variable, because]) => ({ variable, because }))
    .sort((one, other) => (one.variable < other.variable ? -1 : 1));
}

/** What opens an account, by whose it is; a hash that is empty opens none. */
const ROOT_OPENS = ['root_password_hash', 'root_ssh_keys'] as const;
const USER_OPENS = ['user_password_hash', 'user_ssh_keys'] as const;

/**
 * True where the template that comes with Muster leaves every account locked: none of the variables is set that open
 * one. Windows' account has no password, so somebody at its console is let in.
 */
export function nobodyLogsIn(image: Installed, given: Readonly<Record<string, string>>): boolean {
  const { answerKind } = image;
  if (answerKind === 'none' || answerKind === 'unattend') return false;
  const opens = isSet(given, 'user') ? [...ROOT_OPENS, ...USER_OPENS] : ROOT_OPENS;
  const unheard = reasonsOf(image);
  return !opens.some((name) => isSet(given, name) && unheard[name] === undefined);
}

function isSet(given: Readonly<Record<string, string>>, name: string): boolean {
  return (given[name] ?? '') !== '';
}

function reasonsOf(image: Installed): Readonly<Record<string, string>> {
  const { answerKind, family } = image;
  if (answerKind === 'none') return {};
  const { root_filesystem: filesystem, mirror, ...rest } = LEFT_OUT[answerKind] ?? {};
  return {
    ...rest,
    ...(answerKind === 'kickstart' ? oldKickstart(image) : {}),
    // Ubuntu's layouts are of ext4: that is what is told, and any other is refused.
    ...(filesystem === undefined || answerKind === 'autoinstall' ? {} : { root_filesystem: filesystem }),
    ...(mirror === undefined || family === 'flatcar' ? {} : { mirror }),
  };
}

/** What newer kickstarts say. */
function oldKickstart(image: Installed): Readonly<Record<string, string>> {
  const level = enterpriseLevel(image);
  return {
    ...(level < 7 ? { ntp_servers: 'kickstarts name time servers from EL 7 on' } : {}),
    ...(level < 6 ? { proxy: 'kickstarts name a proxy from EL 6 on' } : {}),
  };
}
