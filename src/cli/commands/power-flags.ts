import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import type { z } from 'zod';
import type { PowerInput } from '../../contract/power-schemas.ts';
import { CliFailure } from '../cli-failure.ts';
import { addresses, wholeNumber } from '../option-values.ts';
import type { Terminal } from '../terminal.ts';

type WirePowerInput = z.input<typeof PowerInput>;
type DriverName = WirePowerInput['driver'];

const DRIVERS = ['wol', 'redfish', 'ipmi', 'command', 'webhook'] as const satisfies readonly DriverName[];

export interface PowerFlags {
  readonly driver?: DriverName;
  readonly url?: string;
  readonly host?: string;
  readonly port?: number;
  readonly user?: string;
  readonly passwordFile?: string;
  readonly system?: string;
  readonly certificateSha256?: string;
  readonly caFile?: string;
  readonly insecureTls?: true;
  readonly login?: 'auto' | 'session' | 'basic';
  readonly networkBoot?: 'pxe' | 'http';
  readonly firmware?: 'uefi' | 'bios';
  readonly ipmi15?: true;
  readonly privilege?: 'user' | 'operator' | 'administrator';
  readonly cipherSuite?: number;
  readonly to?: readonly string[];
}

export function withPowerFlags(command: Command): Command {
  return command
    .addOption(new Option('--driver <driver>', 'what reaches it').choices(DRIVERS))
    .option(
      '--password-file <file>',
      'a file with the password, the key, or the SecureOn password; - reads it from standard input',
    )
    .option('--url <url>', 'redfish, webhook: where it is; https://bmc.example')
    .option('--user <name>', "redfish, ipmi: the BMC's user")
    .option('--system <id>', 'redfish: which system, where the BMC has several')
    .option('--certificate-sha256 <hex>', 'redfish: trust this certificate and no other')
    .option('--ca-file <file>', 'redfish: trust certificates of this authority (PEM)')
    .option('--insecure-tls', 'redfish: give the password to whoever answers')
    .addOption(new Option('--login <way>', 'redfish: how to log in').choices(['auto', 'session', 'basic']))
    .addOption(
      new Option('--network-boot <way>', 'redfish: what a boot from the network is').choices(['pxe', 'http']),
    )
    .option('--host <host>', "ipmi: the BMC's name or address")
    .option('--port <port>', 'ipmi, wol: its UDP port (623, 9)', wholeNumber)
    .option('--ipmi15', 'ipmi: speak IPMI 1.5, for BMCs that know no other')
    .addOption(
      new Option('--privilege <level>', 'ipmi: what to log in as').choices([
        'user',
        'operator',
        'administrator',
      ]),
    )
    .option('--cipher-suite <number>', 'ipmi: the cipher suite, where asking the BMC takes long', wholeNumber)
    .addOption(
      new Option('--firmware <kind>', 'redfish, ipmi: what a boot from the network is for').choices([
        'uefi',
        'bios',
      ]),
    )
    .option(
      '--to <addresses>',
      'wol: also to these: broadcast addresses of far subnets, or its own',
      addresses,
    );
}

/** Which flags belong to which driver; any other is a slip that would be passed over silently. */
const FLAGS_OF: Readonly<Record<DriverName, readonly (keyof PowerFlags)[]>> = {
  wol: ['port', 'to'],
  redfish: [
    'url',
    'user',
    'system',
    'certificateSha256',
    'caFile',
    'insecureTls',
    'login',
    'networkBoot',
    'firmware',
  ],
  ipmi: ['host', 'port', 'user', 'ipmi15', 'privilege', 'cipherSuite', 'firmware'],
  command: [],
  webhook: ['url'],
};

/** @param argv the words behind `--`. @throws CliFailure */
export async function powerInputOf(
  terminal: Terminal,
  flags: PowerFlags,
  argv: readonly string[],
): Promise<WirePowerInput> {
  const { driver } = flags;
  if (driver === undefined) throw usage(`By which driver? Say it with --driver: ${DRIVERS.join(', ')}`);
  const known: readonly string[] = [...FLAGS_OF[driver], 'driver', 'passwordFile'];
  const stray = Object.keys(flags).find((name) => !known.includes(name));
  if (stray !== undefined) throw usage(`Driver ${driver} has no --${dashed(stray)}`);
  if (driver !== 'command' && argv.length > 0)
    throw usage(`Driver ${driver} runs no program: "${argv.join(' ')}" is too much`);
  const secret =
    flags.passwordFile === undefined ? {} : { secret: await readSecret(terminal, flags.passwordFile) };
  switch (driver) {
    case 'wol':
      return { driver, ...secret, ...present({ port: flags.port, to: flags.to && [...flags.to] }) };
    case 'redfish':
      return { ...(await redfishOf(terminal, flags)), ...secret };
    case 'ipmi':
      return { ...ipmiOf(flags), ...secret };
    case 'command':
      if (argv.length === 0) throw usage('Which program? Write it and its arguments behind --');
      return { driver, argv: [...argv], ...secret };
    case 'webhook':
      return { driver, url: wanted(flags.url, '--url'), ...secret };
    default:
      return driver satisfies never;
  }
}

async function redfishOf(terminal: Terminal, flags: PowerFlags): Promise<WirePowerInput> {
  const { caFile, firmware } = flags;
  const ca = caFile === undefined ? undefined : await readText(terminal, caFile, 'authority');
  return {
    driver: 'redfish',
    url: wanted(flags.url, '--url'),
    user: wanted(flags.user, '--user'),
    ...present({
      system: flags.system,
      certificateSha256: flags.certificateSha256,
      ca,
      insecureTls: flags.insecureTls,
      login: flags.login,
      networkBoot: flags.networkBoot,
      bootMode:
        firmware === undefined ? undefined : firmware === 'uefi' ? ('uefi' as const) : ('legacy' as const),
    }),
  };
}

function ipmiOf({ host, port, user, ipmi15, privilege, cipherSuite, firmware }: PowerFlags): WirePowerInput {
  const way = ipmi15 ? ('lan' as const) : undefined;
  return {
    driver: 'ipmi',
    host: wanted(host, '--host'),
    user: wanted(user, '--user'),
    ...present({ port, privilege, cipherSuite, firmware, interface: way }),
  };
}

/** Without the fields that were not said. */
function present<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}

/** One line; its line end is none of it. @throws CliFailure */
export async function readSecret(terminal: Terminal, file: string): Promise<string> {
  const text = file === '-' ? await terminal.readInput() : await readText(terminal, file, 'secret');
  const secret = text.replace(/\r?\n$/, '');
  if (secret === '' || secret.includes('\n')) throw usage(`${file} holds no secret: one line is wanted`);
  return secret;
}

async function readText({ workingFolder }: Terminal, file: string, what: string): Promise<string> {
  return await readFile(resolve(workingFolder, file), 'utf8').catch((error: NodeJS.ErrnoException) => {
    const exit = error.code === 'EACCES' ? 'notPermitted' : 'usage';
    throw new CliFailure(exit, `Cannot read the file ${file} with the ${what}: ${error.message}`);
  });
}

function wanted(value: string | undefined, flag: string): string {
  if (value === undefined) throw usage(`Say it with ${flag}`);
  return value;
}

function dashed(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

function usage(message: string): CliFailure {
  return new CliFailure('usage', message);
}
