import {
  POWER_DRIVERS,
  type PowerLink,
  type PowerStep,
  PowerTrouble,
} from '../../core/power/power-driver.ts';
import type { IpmiSettings } from '../../core/power/power-settings.ts';
import { lastWords, runProgram } from '../run-program.ts';

export interface IpmiTarget {
  readonly settings: IpmiSettings;
  readonly password: string;
}

/** Of one call of ipmitool. Where the BMC does not say its cipher suites, the question alone takes 10 s. */
export const IPMITOOL_MS = 30_000;
const MAX_OUTPUT = 8192;
/** Seconds before a packet is sent again, and how often: the usual 1 and 4 make an absent BMC cost 20 s. */
const RETRY = ['-N', '2', '-R', '3'];

const WORDS: Readonly<Record<Exclude<PowerStep, 'pxe-next'>, readonly string[]>> = {
  on: ['chassis', 'power', 'on'],
  off: ['chassis', 'power', 'off'],
  shutdown: ['chassis', 'power', 'soft'],
  cycle: ['chassis', 'power', 'cycle'],
  reset: ['chassis', 'power', 'reset'],
};

/** Each call is a session of its own, so there is nothing to open. */
export function openIpmi(target: IpmiTarget, enough: AbortSignal): PowerLink {
  return {
    can: POWER_DRIVERS.ipmi.can,
    readState: async () => {
      const said = await ipmitool(target, ['chassis', 'power', 'status'], enough);
      const [, state] = /^Chassis Power is (on|off)$/m.exec(said) ?? [];
      return state === 'on' || state === 'off' ? state : 'unknown';
    },
    perform: async (step) => {
      await ipmitool(target, step === 'pxe-next' ? bootWords(target.settings) : WORDS[step], enough);
    },
    close: () => Promise.resolve(),
  };
}

/** Once, as IPMI 2.0 §28.13 has it unless options=persistent is said. */
function bootWords({ firmware }: IpmiSettings): readonly string[] {
  return ['chassis', 'bootdev', 'pxe', ...(firmware === 'uefi' ? ['options=efiboot'] : [])];
}

async function ipmitool(
  { settings, password }: IpmiTarget,
  words: readonly string[],
  enough: AbortSignal,
): Promise<string> {
  const end = await runProgram({
    path: 'ipmitool',
    args: [...sessionArguments(settings), ...words],
    // The password is read from there (-E): on the command line everybody on this computer could see it.
    environment: {
      PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
      LC_ALL: 'C',
      IPMI_PASSWORD: password,
    },
    timeoutMs: IPMITOOL_MS,
    maxOutput: MAX_OUTPUT,
    enough,
  });
  if (!end.ended && end.kind === 'missing')
    throw new PowerTrouble(
      'missing',
      `ipmitool ${end.because}: install it (on Debian: apt-get install ipmitool)`,
    );
  if (!end.ended)
    throw new PowerTrouble('unreachable', `${settings.host} was asked by ipmitool, and ${end.because}`);
  if (end.code === 0) return end.stdout;
  const { kind, said } = readFailure(end.stderr);
  throw new PowerTrouble(kind, `${settings.host}: ipmitool says "${said || `exit code ${end.code}`}"`);
}

/** It ends with 1 and with the same last words whatever happened; with -v, what it says before tells (1.8.19). */
const FAILURES = [
  [/RAKP \d.*|.*unauthori[sz]ed name.*|.*[Ii]nvalid user ?name.*/, 'login'],
  [/^Error in open session.*/m, 'refused'],
  [/.*(?:Unable to establish|[Cc]ould not open socket|Address lookup).*/, 'unreachable'],
] as const;

function readFailure(stderr: string): {
  readonly kind: 'login' | 'refused' | 'unreachable';
  readonly said: string;
} {
  for (const [words, kind] of FAILURES) {
    const [line] = words.exec(stderr) ?? [];
    if (line !== undefined) return { kind, said: lastWords(line) };
  }
  return { kind: 'refused', said: lastWords(stderr) };
}

function sessionArguments({
  host,
  port,
  user,
  interface: way,
  privilege,
  cipherSuite,
}: IpmiSettings): readonly string[] {
  return [
    '-v',
    '-E',
    `-I${way}`,
    `-H${host}`,
    `-p${port}`,
    `-L${privilege.toUpperCase()}`,
    ...(user === '' ? [] : [`-U${user}`]),
    ...(cipherSuite === undefined ? [] : [`-C${cipherSuite}`]),
    ...RETRY,
  ];
}
