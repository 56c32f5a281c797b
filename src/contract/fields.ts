import { z } from 'zod';
import {
  formatIpv4Network,
  type Ipv4Address,
  type MacAddress,
  parseIpv4,
  parseIpv4Network,
  parseMac,
  parseUuid,
  type Uuid,
} from '../lib/addresses.ts';
import { parseMachineText } from '../lib/machine-texts.ts';
import { MAX_LABELS, parseLabelKey, parseLabelValue } from '../lib/labels.ts';

/**
 * The small shapes that fields of the API are made of, and their limits. Addresses are parsed here, at the door:
 * what leaves a schema is in canonical form and branded.
 */

/** Characters of a subnet's, image's or profile's name. */
export const MAX_NAME_LENGTH = 64;
/** Characters of a short free text, such as a menu's title. */
export const MAX_TEXT_LENGTH = 200;
/** Characters of a domain name (RFC 1035 §2.3.4). */
export const MAX_DOMAIN_NAME_LENGTH = 253;
/** Characters of a path of a file or folder (PATH_MAX of Linux). */
export const MAX_PATH_LENGTH = 4096;
/** Characters of an answer file's template. */
export const MAX_TEMPLATE_LENGTH = 262_144;
/** Characters added to a kernel's command line; the x86 kernel takes 2047 in all (COMMAND_LINE_SIZE). */
export const MAX_ARGUMENTS_LENGTH = 2000;
/** Variables of one machine or profile. */
export const MAX_VARIABLES = 100;
/** Characters of one variable's value. */
export const MAX_VARIABLE_LENGTH = 16_384;
/** Entries of any other list in a body: ranges, reservations, options, initrds, images of a menu. */
export const MAX_LIST_LENGTH = 4096;
/** Characters of a selector. */
export const MAX_SELECTOR_LENGTH = 4096;
/** Rows that one list answers at most. */
export const MAX_ROWS = 1000;
/** The longest text an address, a MAC address or a UUID can be written in, with room for a useful error. */
const MAX_ADDRESS_LENGTH = 64;

/** A text that `parse` turns into a value, or refuses with a sentence. */
function parsed<T>(parse: (text: string) => T, maxLength = MAX_ADDRESS_LENGTH): z.ZodType<T, string> {
  return z
    .string()
    .max(maxLength)
    .transform((text, context) => {
      try {
        return parse(text);
      } catch (error) {
        context.issues.push({ code: 'custom', message: sentenceOf(error), input: text });
        return z.NEVER;
      }
    });
}

/** As `parsed`, for names of a record, which stay as they are written. */
function refusedBy(parse: (text: string) => string) {
  return (text: string, context: z.RefinementCtx): void => {
    try {
      parse(text);
    } catch (error) {
      context.addIssue({ code: 'custom', message: sentenceOf(error) });
    }
  };
}

function sentenceOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

export const ipv4: z.ZodType<Ipv4Address, string> = parsed(parseIpv4);
export const mac: z.ZodType<MacAddress, string> = parsed(parseMac);
export const uuid: z.ZodType<Uuid, string> = parsed(parseUuid);
/** `A.B.C.D/N` with zero host bits. */
export const network: z.ZodType<string, string> = parsed((text) => formatIpv4Network(parseIpv4Network(text)));

/** RFC 3339, in UTC: `2026-11-23T13:24:05.123Z`. */
export const time = z.iso.datetime();

/** Of subnets, images and profiles: also a part of URLs and of file names. */
export const name = z
  .string()
  .max(MAX_NAME_LENGTH)
  .regex(
    /^[a-z0-9][a-z0-9._-]*$/,
    'lower-case letters, digits, ".", "_" and "-" are wanted, a letter or digit first',
  );

const DNS_LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
const LOOKS_LIKE_ANOTHER_REFERENCE = /^(?:m-[\da-f]{12}|[\da-f]{12}|[\da-f]{2}(?:-[\da-f]{2}){5})$/;

/** A DNS label (RFC 1123 §2.1): it becomes the host name. */
export const machineName = z
  .string()
  .regex(DNS_LABEL, 'a host name is wanted: 1 to 63 lower-case letters, digits and "-", no "-" at an end')
  .refine(
    (text) => !LOOKS_LIKE_ANOTHER_REFERENCE.test(text),
    'it looks like an id or a MAC address, and machines are found by those too',
  );

/** What names a machine in a URL: its name, its id or one of its MAC addresses. */
export const machineReference = z.string().min(1).max(MAX_ADDRESS_LENGTH);

/** One line: no control character, so that it cannot break out of the place it is put in. */
export function line(maxLength: number): z.ZodString {
  return z
    .string()
    .max(maxLength)
    .regex(/^\P{Cc}*$/u, 'one line without control characters is wanted');
}

/** An absolute path on the server. */
export const absolutePath = line(MAX_PATH_LENGTH).startsWith('/', 'an absolute path is wanted');

/** A path below a folder; the service checks that it stays there. */
export const relativePath = line(MAX_PATH_LENGTH)
  .min(1)
  .refine((text) => !text.startsWith('/'), 'a path relative to the folder is wanted');

export const variableName = z
  .string()
  .max(MAX_NAME_LENGTH)
  .regex(
    /^[A-Za-z_][A-Za-z0-9_]*$/,
    'a variable\'s name is made of letters, digits and "_", and begins with no digit',
  );

export const variableValue = z.string().max(MAX_VARIABLE_LENGTH);

export const variables = z
  .record(variableName, variableValue)
  .refine(
    (record) => Object.keys(record).length <= MAX_VARIABLES,
    `at most ${MAX_VARIABLES} variables are kept`,
  );

/** The longest text a label's key or value can be written in, with room for a useful error. */
const MAX_LABEL_TEXT = 512;
export const labelKey = z.string().max(MAX_LABEL_TEXT).superRefine(refusedBy(parseLabelKey));
export const labelValue: z.ZodType<string, string> = parsed(parseLabelValue, MAX_LABEL_TEXT);

/** The text of a selector; what it means is read by the core. */
export const selector = z.string().max(MAX_SELECTOR_LENGTH);

export const labels = z
  .record(labelKey, labelValue)
  .refine((record) => Object.keys(record).length <= MAX_LABELS, `at most ${MAX_LABELS} labels are kept`);

/** In a query it is digits, in a program a number. */
export function wholeNumber(min: number, max: number): z.ZodType<number, number | string> {
  const either = z.union([z.number(), z.string()]).transform((value, context) => {
    const number = typeof value === 'string' && /^\d{1,16}$/.test(value) ? Number(value) : value;
    if (typeof number === 'number' && Number.isInteger(number) && number >= min && number <= max)
      return number;
    context.issues.push({
      code: 'custom',
      message: `"${value}" is there, and a whole number from ${min} to ${max} is wanted`,
      input: value,
    });
    return z.NEVER;
  });
  return either.meta({ type: 'integer', minimum: min, maximum: max });
}

export const eventId = wholeNumber(0, Number.MAX_SAFE_INTEGER);
export const rowLimit = wholeNumber(1, MAX_ROWS);

/** Lists in a body, of `MAX_LIST_LENGTH` entries unless said otherwise. */
export function entries<T extends z.ZodType>(item: T, max: number = MAX_LIST_LENGTH): z.ZodArray<T> {
  return z.array(item).max(max);
}

export const loader = z.enum(['pxelinux', 'grub', 'ipxe']);
export const source = z.enum(['http', 'ftp', 'nfs']);
export const memoryCheck = z.enum(['off']);
/** A serial number or an asset tag; one that is longer is told in full that it is. */
export const machineText: z.ZodType<string, string> = parsed(parseMachineText, MAX_LABEL_TEXT);
/** Up to a pebibyte, in MiB. */
export const memoryMegabytes = z
  .int()
  .min(1)
  .max(1024 ** 3);
