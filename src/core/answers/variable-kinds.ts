import { parseIpv4, parseMac } from '../../lib/addresses.ts';
import { parseIp } from '../../lib/ipv6-address.ts';
import type { AnswerVariable, VariableKind } from './variables.ts';

/** What a template gets for one variable. */
export type VariableValue = string | number | boolean | readonly string[];

interface KindRow {
  /** What is wanted, for the sentence of a refusal. */
  readonly wanted: string;
  readonly fits: (text: string, row: AnswerVariable) => boolean;
  readonly value?: (text: string, row: AnswerVariable) => VariableValue;
}

/** One row reads one kind. An empty text is not asked whether it fits. */
export const VARIABLE_KINDS: Readonly<Record<VariableKind, KindRow>> = {
  text: { wanted: 'one line of text', fits: () => true },
  word: {
    wanted: 'one word of letters, digits and . _ / + : @ -',
    fits: (text) => /^[\w./+:@-]+$/.test(text),
  },
  number: {
    wanted: 'a whole number',
    fits: (text, { least = 0, most = Number.MAX_SAFE_INTEGER }) =>
      /^\d{1,15}$/.test(text) && Number(text) >= least && Number(text) <= most,
    value: (text) => (text === '' ? '' : Number(text)),
  },
  hash: {
    wanted: 'a crypt hash, as "openssl passwd -6" prints it, and never the password itself',
    fits: (text) => /^\$[a-z0-9]{1,8}\$[\w./$=,+-]+$/i.test(text),
  },
  login: {
    wanted: 'a login name of lower-case letters, digits, _ and -, other than root',
    fits: (text) => /^[a-z_][a-z0-9_-]{0,30}$/.test(text) && text !== 'root',
  },
  disk: {
    wanted: 'the name of one disk, such as sda or /dev/disk/by-id/…',
    fits: (text) =>
      /^(?:\/dev\/)?[\w.:+@-]+(?:\/[\w.:+@-]+)*$/.test(text) && !/(?:^|\/)\.\.?(?:\/|$)/.test(text),
    value: (text) => text.replace(/^\/dev\//, ''),
  },
  url: {
    wanted: 'a URL, such as http://192.168.1.1:3142/debian',
    fits: (text) => /^(?:https?|ftp):\/\/[\w.:[\]@-]+(?:\/[!$&'()*+,./:;=?@%\w~-]*)?$/i.test(text),
    value: (text) => text.replace(/\/+$/, ''),
  },
  domain: {
    wanted: 'a DNS domain, such as example.org',
    fits: (text) =>
      text.length <= 190 &&
      /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*$/i.test(text),
  },
  ipv4: {
    wanted: 'an IPv4 address, such as 192.168.1.10',
    fits: (text) => parses(parseIpv4, text),
  },
  addresses: {
    wanted: 'IP addresses with spaces or commas between',
    fits: (text) => splitWords(text).every((word) => parses(parseIp, word)),
    value: splitWords,
  },
  interface: {
    wanted: 'the MAC address of a network card, or its name such as eth0',
    fits: (text) => parses(parseMac, text) || INTERFACE_NAME.test(text),
    value: (text) => (parses(parseMac, text) ? parseMac(text) : text),
  },
  switch: {
    wanted: 'yes or no',
    fits: (text) => /^(?:yes|no|true|false|on|off|1|0)$/i.test(text),
    value: (text) => /^(?:yes|true|on|1)$/i.test(text),
  },
  choice: { wanted: 'one of', fits: (text, row) => row.choices?.includes(text) ?? false },
  words: {
    wanted: 'words with spaces or commas between',
    fits: () => true,
    value: splitWords,
  },
  pairs: {
    wanted: 'words of the form name=value with spaces or commas between',
    fits: (text) => splitWords(text).every((word) => /^[\w.-]+=./.test(word)),
    value: splitWords,
  },
  lines: {
    wanted: 'lines of text',
    fits: () => true,
    value: (text) =>
      text
        .split(/\r?\n/)
        .map((line) => line.trim())
        .filter((line) => line !== ''),
  },
  script: {
    wanted: 'lines of a script',
    fits: () => true,
    value: (text) => (text.trim() === '' ? [] : text.replace(/(?:\r?\n)+$/, '').split(/\r?\n/)),
  },
};

/** Kinds with more than one line; every other value is refused with a line break in it. */
export const MANY_LINES: ReadonlySet<VariableKind> = new Set(['lines', 'script'] as const);

/** Kinds that have no empty value: where it is empty, the default is meant. */
export const NEVER_EMPTY: ReadonlySet<VariableKind> = new Set(['word', 'choice', 'number'] as const);

/** What Linux takes (IFNAMSIZ 16 with its NUL), without what an answer file or a shell would read otherwise. */
const INTERFACE_NAME = /^[a-z][\w.-]{0,14}$/i;

function parses(parse: (text: string) => unknown, text: string): boolean {
  try {
    parse(text);
    return true;
  } catch {
    return false;
  }
}

function splitWords(text: string): readonly string[] {
  return text.split(/[\s,]+/).filter((word) => word !== '');
}
