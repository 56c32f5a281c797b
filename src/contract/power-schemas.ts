import { z } from 'zod';
import { entries, ipv4, line, machineName, MAX_TEXT_LENGTH, time } from './fields.ts';
import { hasOneSecret, ONE_SECRET, siteSecret } from './site-secret-schemas.ts';

/** Characters of a URL. */
const MAX_URL_LENGTH = 2048;
/** Characters of a host, a user, a name of a system. */
const MAX_WORD_LENGTH = 253;
/** Characters of a secret. */
const MAX_SECRET_LENGTH = 1024;
/** Characters of certificates in PEM: some chains have ten. */
const MAX_PEM_LENGTH = 65_536;
const MAX_WOL_TARGETS = 16;
const MAX_ARGUMENTS = 32;

const secretText = z.string().min(1).max(MAX_SECRET_LENGTH);
const secret = secretText.describe(
  'What it logs in or signs with; written, and never read again. Left out: what was there stays',
);
const port = z.int().min(1).max(65_535);
const user = line(MAX_WORD_LENGTH).describe("The BMC's user");

const wol = {
  driver: z.literal('wol').describe('Wake-on-LAN'),
  port: port.default(9).describe('UDP port the packets go to'),
  to: entries(ipv4, MAX_WOL_TARGETS)
    .default([])
    .describe(
      'Besides the broadcast on each served interface: the broadcast address of a far subnet, or the address of the machine',
    ),
};
const redfish = {
  driver: z.literal('redfish').describe('Redfish'),
  url: line(MAX_URL_LENGTH).min(1).describe('https://HOST of the BMC'),
  user,
  system: line(MAX_TEXT_LENGTH)
    .min(1)
    .exactOptional()
    .describe(
      'The Id of the system, where the service has several; left out: the one with the UUID of the machine',
    ),
  certificateSha256: z
    .string()
    .max(MAX_TEXT_LENGTH)
    .transform((text) => text.replaceAll(/[:\s]/g, '').toLowerCase())
    .exactOptional()
    .describe('The SHA-256 of the one certificate that is trusted'),
  ca: z
    .string()
    .max(MAX_PEM_LENGTH)
    .exactOptional()
    .describe('Certificates in PEM, in place of the authorities this computer knows'),
  insecureTls: z.literal(true).exactOptional().describe('Give the password to whoever answers'),
  login: z
    .enum(['auto', 'session', 'basic'])
    .default('auto')
    .describe('auto: a session where there are some'),
  networkBoot: z
    .enum(['pxe', 'http'])
    .default('pxe')
    .describe('What a boot from the network is: PXE, or HTTP of UEFI'),
  bootMode: z.enum(['uefi', 'legacy']).exactOptional().describe('Its mode for that boot; left out: as it is'),
};
const ipmi = {
  driver: z.literal('ipmi').describe('IPMI, by ipmitool'),
  host: line(MAX_WORD_LENGTH).min(1).describe('Name or address of the BMC'),
  port: port.default(623).describe('Its UDP port'),
  user,
  interface: z.enum(['lanplus', 'lan']).default('lanplus').describe('lanplus is IPMI 2.0, lan is 1.5'),
  privilege: z
    .enum(['user', 'operator', 'administrator'])
    .default('operator')
    .describe('What is asked for at the log-in'),
  cipherSuite: z.int().min(0).max(255).exactOptional().describe('Left out: ipmitool asks the BMC'),
  firmware: z.enum(['uefi', 'bios']).default('uefi').describe('What a boot from the network is for'),
};
const command = {
  driver: z.literal('command').describe('A program of the folder commands.folder'),
  argv: entries(z.string().max(MAX_URL_LENGTH), MAX_ARGUMENTS)
    .min(1)
    .describe('The name of a program in commands.folder, then its arguments'),
};
const webhook = {
  driver: z.literal('webhook').describe('A server of your own'),
  url: line(MAX_URL_LENGTH).min(1).describe('Where a signed POST is sent'),
};

const withSecret = { secret: secret.exactOptional() };

interface TrustWords {
  readonly certificateSha256?: string;
  readonly ca?: string;
  readonly insecureTls?: true;
}

function hasOneTrust({ certificateSha256, ca, insecureTls }: TrustWords): boolean {
  return [certificateSha256, ca, insecureTls].filter((one) => one !== undefined).length <= 1;
}

const ONE_TRUST = 'one of certificateSha256, ca and insecureTls is wanted, or none';

export const PowerInput = z
  .discriminatedUnion('driver', [
    z.strictObject({ ...wol, ...withSecret }),
    z.strictObject({ ...redfish, ...withSecret }).refine(hasOneTrust, ONE_TRUST),
    z.strictObject({ ...ipmi, ...withSecret }),
    z.strictObject({ ...command, ...withSecret }),
    z.strictObject({ ...webhook, ...withSecret }),
  ])
  .describe("How a machine's power is reached");

const inSite = { machine: machineName.describe('The name of the machine') };
const secretInSite = siteSecret(secretText);

/** The same as a site has it: beside the name of its machine, and without the secret. */
export const SitePower = z
  .discriminatedUnion('driver', [
    z.strictObject({ ...inSite, ...wol, ...secretInSite }).refine(hasOneSecret, ONE_SECRET),
    z
      .strictObject({ ...inSite, ...redfish, ...secretInSite })
      .refine(hasOneTrust, ONE_TRUST)
      .refine(hasOneSecret, ONE_SECRET),
    z.strictObject({ ...inSite, ...ipmi, ...secretInSite }).refine(hasOneSecret, ONE_SECRET),
    z.strictObject({ ...inSite, ...command, ...secretInSite }).refine(hasOneSecret, ONE_SECRET),
    z.strictObject({ ...inSite, ...webhook, ...secretInSite }).refine(hasOneSecret, ONE_SECRET),
  ])
  .describe("How a machine's power is reached, in a site");

const powerStates = z.enum(['on', 'off', 'changing', 'unknown']);

const seen = {
  state: powerStates.exactOptional().describe('As it was read last; left out: never yet'),
  stateAt: time.exactOptional().describe('When it was read'),
  trouble: z
    .object({
      kind: z
        .enum(['login', 'unsupported', 'refused', 'unreachable', 'missing'])
        .describe('login: it does not let Muster in, and is not asked again by itself'),
      because: z.string().describe('Why'),
      at: time.describe('When'),
    })
    .exactOptional()
    .describe('Why the last look or action did not reach it; gone with the next that does'),
};

/** What machines tell of their power. */
export const PowerSeen = z
  .object({
    driver: z.enum(['wol', 'redfish', 'ipmi', 'command', 'webhook']).describe('What reaches it'),
    ...seen,
  })
  .describe('Its power, as it was read last');

export const MachinePower = z
  .object({
    machine: z.string().describe('The name of the machine'),
    settings: z
      .discriminatedUnion('driver', [
        z.object(wol),
        z.object(redfish),
        z.object(ipmi),
        z.object(command),
        z.object(webhook),
      ])
      .describe('How it is reached'),
    secret: z.enum(['kept', 'none']).describe('Whether a secret is kept; it is never told'),
    setAt: time.describe('When this was set'),
    ...seen,
  })
  .describe("How a machine's power is reached, and what was last seen of it");

export const PowerAction = z.enum(['on', 'off', 'shutdown', 'cycle', 'reset', 'pxe-next', 'boot-network']);

export const PowerDone = z
  .object({
    machine: z.string().describe('The name of the machine'),
    action: PowerAction.describe('What was asked for'),
    did: z.array(z.string()).describe('What was done for it; none where nothing had to be'),
    because: z.string().describe('Why that'),
    wanted: z.enum(['on', 'off']).exactOptional().describe('How it should be now'),
    state: powerStates
      .exactOptional()
      .describe('How it is, as it was read afterwards; left out: the driver cannot tell'),
  })
  .describe('What came of a power action');
