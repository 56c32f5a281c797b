import type { Ipv4Address } from '../../lib/addresses.ts';
import type { DriverName } from './power-driver.ts';

/** How a machine's power is reached, without the secret, which is kept apart and never told again. */
export type PowerSettings = WolSettings | RedfishSettings | IpmiSettings | CommandSettings | WebhookSettings;

export interface WolSettings {
  readonly driver: 'wol';
  readonly port: number;
  /** Besides the broadcast on each served interface: the broadcast address of a far subnet, or one machine's address. */
  readonly to: readonly Ipv4Address[];
}

export interface RedfishSettings {
  readonly driver: 'redfish';
  /** `https://HOST[:PORT]`; the service root is below it, at /redfish/v1/. */
  readonly url: string;
  readonly user: string;
  /** The Id of the system, where the service has several. */
  readonly system?: string;
  readonly trust: RedfishTrust;
  /** `auto`: a session where the service has them, else basic. */
  readonly login: 'auto' | 'session' | 'basic';
  /** What the next boot is set to: PXE, or UEFI's own HTTP boot. */
  readonly networkBoot: 'pxe' | 'http';
  /** The firmware's mode for that boot; absent: as it is. */
  readonly bootMode?: 'uefi' | 'legacy';
}

/** What shows that it is the BMC, to which the password is then given. */
export type RedfishTrust =
  /** A certificate that the authorities of this computer vouch for, or those of `pem`, on this host's name. */
  | { readonly by: 'authorities'; readonly pem?: string }
  /** This very certificate: BMCs sign their own. SHA-256, as 64 hex digits. */
  | { readonly by: 'fingerprint'; readonly sha256: string }
  /** Anybody: the password goes to whoever answers. */
  | { readonly by: 'nothing' };

export interface IpmiSettings {
  readonly driver: 'ipmi';
  readonly host: string;
  readonly port: number;
  readonly user: string;
  /** `lanplus` is IPMI 2.0; `lan` is 1.5, which hides next to nothing on the wire. */
  readonly interface: 'lanplus' | 'lan';
  readonly privilege: 'user' | 'operator' | 'administrator';
  /** Absent: ipmitool asks the BMC which it has. */
  readonly cipherSuite?: number;
  /** What the next boot from the network is for. */
  readonly firmware: 'uefi' | 'bios';
}

export interface CommandSettings {
  readonly driver: 'command';
  /** The name of a program in `commands.folder`, then its arguments; no shell reads them. */
  readonly argv: readonly string[];
}

export interface WebhookSettings {
  readonly driver: 'webhook';
  readonly url: string;
}

/** A secret may be this long. */
export const MAX_SECRET_LENGTH = 1024;
export const MAX_ARGUMENTS = 32;

/** Why these settings cannot be used; undefined when they can. Names no secret. */
export function objectionToPower(settings: PowerSettings, secret: string | undefined): string | undefined {
  return objectionToSecret(settings.driver, secret) ?? objectionToSettings(settings);
}

/** The same, whatever the secret. */
export function objectionToSettings(settings: PowerSettings): string | undefined {
  switch (settings.driver) {
    case 'redfish':
      return objectionToRedfish(settings);
    case 'ipmi':
      return objectionToIpmi(settings);
    case 'webhook':
      return objectionToUrl(settings.url, 'the URL of the webhook');
    case 'command':
      return objectionToArgv(settings.argv);
    case 'wol':
      return undefined;
    default:
      return settings satisfies never;
  }
}

function objectionToSecret(driver: DriverName, secret: string | undefined): string | undefined {
  if (secret === undefined)
    return driver === 'redfish' || driver === 'ipmi' || driver === 'webhook'
      ? `driver ${driver} needs a secret, the ${driver === 'webhook' ? 'key to sign with' : 'password'}: give it with --password-file`
      : undefined;
  if (secret === '' || secret.length > MAX_SECRET_LENGTH)
    return `the secret must have 1 to ${MAX_SECRET_LENGTH} characters`;
  if (/\p{Cc}/u.test(secret)) return 'the secret must be one line without control characters';
  // IPMI 2.0 §22.30: a password has 20 bytes at most, and ipmitool ends the program for a longer one.
  if (driver === 'ipmi' && new TextEncoder().encode(secret).length > 20)
    return 'a password of IPMI has at most 20 bytes';
  if (driver === 'wol' && readSecureOn(secret) === undefined)
    return 'a SecureOn password is 4 or 6 bytes, as 1.2.3.4 or 11:22:33:44:55:66';
  return undefined;
}

function objectionToRedfish({ url, trust, user }: RedfishSettings): string | undefined {
  const objection = objectionToUrl(url, 'the URL of the BMC');
  if (objection !== undefined) return objection;
  if (user.includes(':')) return 'a user of Redfish holds no ":" (RFC 7617)';
  const { protocol, pathname, search, hash } = new URL(url);
  if (pathname !== '/' || search !== '' || hash !== '')
    return 'the URL of the BMC ends behind its host and port: /redfish/v1/ is added';
  if (protocol === 'http:' && trust.by !== 'nothing')
    return 'over http: anybody on the way could read the password: use https:, or say --insecure-tls';
  if (trust.by === 'fingerprint' && !/^[\da-f]{64}$/.test(trust.sha256))
    return 'the fingerprint of a certificate is 64 hex digits: openssl x509 -noout -fingerprint -sha256 tells it';
  if (
    trust.by === 'authorities' &&
    trust.pem !== undefined &&
    !/^-----BEGIN CERTIFICATE-----$/m.test(trust.pem)
  )
    return 'the file of the authority holds no certificate in PEM';
  return undefined;
}

/** What ipmitool would take for an option of its own is no host and no user. */
function objectionToIpmi({ host, user }: IpmiSettings): string | undefined {
  if (!/^(?!-)[A-Za-z\d.:_-]{1,253}$/.test(host)) return `"${host}" is no name or address of a BMC`;
  if (user.startsWith('-')) return 'a user of IPMI does not begin with "-"';
  // IPMI 2.0 §22.28: a name has 16 bytes.
  if (new TextEncoder().encode(user).length > 16) return 'a user of IPMI has at most 16 bytes';
  return undefined;
}

/** A program is named, never a path: what may be run is what somebody put into the folder. */
export function objectionToArgv(argv: readonly string[]): string | undefined {
  const [program = ''] = argv;
  if (argv.length > MAX_ARGUMENTS) return `a command has at most ${MAX_ARGUMENTS} words`;
  if (!/^[A-Za-z\d_][A-Za-z\d._-]{0,63}$/.test(program))
    return `"${program}" is no name of a program: one in the folder that commands.folder names is wanted, without a path`;
  if (argv.some((word) => word.includes('\0'))) return 'no word of a command can hold a zero byte';
  return undefined;
}

/** Only http and https, and no password in it, which everybody who may read settings would see. */
export function objectionToUrl(text: string, what: string): string | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined) return `${what} is no URL: https://HOST/PATH is wanted`;
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    return `${what} is one of ${url.protocol.slice(0, -1)}, and only http and https are asked`;
  if (url.username !== '' || url.password !== '') return `${what} must hold no user and no password`;
  return undefined;
}

/** The 4 or 6 bytes of a SecureOn password (AMD's Magic Packet Technology, 20213; etherwake takes the same forms). */
export function readSecureOn(text: string): Uint8Array | undefined {
  const parts = /^\d{1,3}(?:\.\d{1,3}){3}$/.test(text)
    ? text.split('.').map(Number)
    : /^[\da-f]{2}(?::[\da-f]{2}){5}$/i.test(text)
      ? text.split(':').map((part) => Number.parseInt(part, 16))
      : [];
  return parts.length > 0 && parts.every((part) => part <= 255) ? Uint8Array.from(parts) : undefined;
}

/** Where the secret would go; one that goes elsewhere than before has to be given anew. @throws TypeError for settings that cannot be used. */
export function secretGoesTo(settings: PowerSettings): string {
  switch (settings.driver) {
    case 'redfish':
      return `redfish ${settings.user} ${new URL(settings.url).origin} ${JSON.stringify(settings.trust)}`;
    case 'ipmi':
      return `ipmi ${settings.user} ${settings.host} ${settings.port} ${settings.interface}`;
    case 'webhook':
      return `webhook ${new URL(settings.url).origin}`;
    case 'command':
      return `command ${settings.argv[0] ?? ''}`;
    case 'wol':
      return 'wol';
    default:
      return settings satisfies never;
  }
}
