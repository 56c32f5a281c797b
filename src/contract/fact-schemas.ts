import { z } from 'zod';
import { UNSEEN } from '../lib/unseen-letters.ts';
import { mac, memoryMegabytes, time, uuid } from './fields.ts';

/**
 * What is known of a machine's hardware. As the machine says it, it is only as good as its firmware: a text is cut and
 * freed of what nobody sees in it, and a value that makes no sense is left out, since the others are worth having.
 */

/** Of one machine; more is refused. */
const MAX_DISKS = 256;
const MAX_NICS = 128;
const MAX_NAMES_OF_DISK = 8;
/** Characters of one text. */
const MAX_TEXT = 128;
const MAX_PROCESSORS = 1_048_576;

const text = z
  .string()
  .transform((said) =>
    said
      .replaceAll(/\p{Cc}+/gu, ' ')
      .replaceAll(UNSEEN, '')
      .trim()
      .slice(0, MAX_TEXT),
  )
  .refine((said) => said !== '');
const amount = z.int().min(0).max(Number.MAX_SAFE_INTEGER);
const processors = z.int().min(1).max(MAX_PROCESSORS);

/** Left out where it makes no sense. */
function lenient<T extends z.ZodType>(schema: T): z.ZodOptional<z.ZodCatch<z.ZodOptional<T>>> {
  return schema.optional().catch(undefined).optional();
}

/** Those of a list that make sense. */
function sound<T extends z.ZodType>(item: T, most: number) {
  return z
    .array(z.unknown())
    .max(most)
    .transform((all) =>
      all.flatMap((one) => {
        const read = item.safeParse(one);
        return read.success ? [read.data] : [];
      }),
    );
}

const SaidDisk = z.object({
  name: text,
  bytes: amount,
  model: lenient(text),
  serial: lenient(text),
  rotational: lenient(z.boolean()),
  holdsData: lenient(z.boolean()),
  holds: lenient(text),
  byId: lenient(z.array(text).transform((names) => names.slice(0, MAX_NAMES_OF_DISK))),
});

const SaidNic = z.object({
  mac,
  name: text,
  driver: lenient(text),
  speedMegabits: lenient(z.int().min(1).max(10_000_000)),
  lldp: lenient(z.object({ chassis: lenient(text), port: lenient(text), system: lenient(text) })),
});

/** As the program of Muster posts it from within a machine. */
export const FactsSaid = z
  .object({
    cpu: lenient(
      z.object({ model: lenient(text), cores: lenient(processors), threads: lenient(processors) }),
    ),
    memoryMegabytes: lenient(memoryMegabytes),
    disks: sound(SaidDisk, MAX_DISKS).optional(),
    nics: sound(SaidNic, MAX_NICS).optional(),
    vendor: lenient(text),
    product: lenient(text),
    serial: lenient(text),
    assetTag: lenient(text),
    uuid: lenient(uuid),
    biosVersion: lenient(text),
    firmware: lenient(text),
    architecture: lenient(text),
  })
  .describe('What a machine says of its hardware');

const Disk = z.object({
  name: z.string().describe('Its name below /dev'),
  bytes: z.number().describe('How large it is'),
  model: z.string().exactOptional().describe('Its model'),
  serial: z.string().exactOptional().describe('Its serial number'),
  rotational: z.boolean().exactOptional().describe('Whether it spins'),
  holdsData: z
    .boolean()
    .exactOptional()
    .describe('Whether a byte of its first or last MiB is not zero; left out: they could not be read'),
  holds: z.string().exactOptional().describe('What is on it, by its signature'),
  byId: z.array(z.string()).exactOptional().describe('Names that stay, below /dev/disk/by-id'),
});

const Nic = z.object({
  mac: mac.describe('Its hardware address'),
  name: z.string().describe('As the kernel calls it'),
  driver: z.string().exactOptional().describe('The driver of the kernel'),
  speedMegabits: z.number().exactOptional().describe('How fast its link is'),
  lldp: z
    .object({
      chassis: z.string().exactOptional().describe('The switch, by its address'),
      port: z.string().exactOptional().describe('The port of the switch'),
      system: z.string().exactOptional().describe('The switch, by its name'),
    })
    .exactOptional()
    .describe('Where it is plugged in, as the switch tells'),
});

const Facts = z
  .object({
    cpu: z
      .object({
        model: z.string().exactOptional().describe('Its model'),
        cores: z.number().exactOptional().describe('Cores of all sockets'),
        threads: z.number().exactOptional().describe('What the system calls processors'),
      })
      .exactOptional()
      .describe('The processor'),
    memoryMegabytes: z.number().exactOptional().describe('Its memory, in MiB'),
    disks: z.array(Disk).exactOptional().describe('Its built-in disks'),
    nics: z.array(Nic).exactOptional().describe('Its network cards'),
    vendor: z.string().exactOptional().describe('Who made it'),
    product: z.string().exactOptional().describe('What it is called'),
    serial: z.string().exactOptional().describe('Its serial number'),
    assetTag: z.string().exactOptional().describe('Its asset tag'),
    uuid: uuid.exactOptional().describe('Its SMBIOS UUID'),
    biosVersion: z.string().exactOptional().describe('The version of its firmware'),
    firmware: z.string().exactOptional().describe('BIOS or UEFI'),
    architecture: z.string().exactOptional().describe('Its architecture, as the kernel says it'),
    hostname: z.string().exactOptional().describe('The name its system asks with over DHCP'),
    vendorClass: z.string().exactOptional().describe('What its firmware says of itself (option 60)'),
  })
  .describe('What is known of the hardware of a machine');

const source = z.enum(['discovery', 'installer', 'ipxe', 'dhcp']);

export const MachineFacts = z
  .object({
    machine: z.string().describe('Its name'),
    facts: Facts.describe('What is believed, of all that was said'),
    origins: z
      .record(z.string(), z.object({ source: source.describe('Who said it'), at: time.describe('When') }))
      .describe('Of each fact: who said what is believed'),
    reports: z
      .array(
        z.object({
          source: source.describe('Who said it'),
          at: time.describe('When it was said last'),
          facts: Facts.describe('What was said'),
        }),
      )
      .describe('All that was said, by who said it'),
  })
  .describe('The hardware of a machine');
