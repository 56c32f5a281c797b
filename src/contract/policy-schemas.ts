import { z } from 'zod';
import { EnrolChange, EnrolPolicy } from './enrol-schemas.ts';
import { MAX_ARGUMENTS_LENGTH, MAX_TEXT_LENGTH, name, line, entries } from './fields.ts';

/** New clients that are let in at once, or in a second. */
const MAX_NEW_CLIENTS = 1_000_000;
/** The limits of installs, as core has them. */
export const MAX_ATTEMPTS = 5;
export const MAX_EXPIRE_HOURS = 8_760;
export const MAX_INSTALL_MINUTES = 10_080;
/** Seconds that a menu waits for a person. */
const MAX_MENU_SECONDS = 3600;

const menuFields = {
  title: line(MAX_TEXT_LENGTH).min(1).describe("The menu's title"),
  timeoutSeconds: z
    .int()
    .min(0)
    .max(MAX_MENU_SECONDS)
    .describe('Seconds until the default is taken; 0 waits for a person'),
  images: z
    .union([z.literal('all'), entries(name)])
    .describe('Names of the images whose installers people may choose at the machine, or all'),
  default: name.describe('The entry taken when nobody chooses: local, or the name of an image'),
};

const policyFields = {
  unknownMachines: z
    .enum(['menu', 'ignore', 'discover', 'enrol'])
    .describe(
      'What a machine gets that is not known: the menu, silence, a boot in which it tells its hardware and becomes known, or what it gets once a rule made it known',
    ),
  authoritative: z
    .boolean()
    .describe('Whether a client that asks for an address of another network is refused (DHCPNAK)'),
};
const discoveryFields = {
  image: name.describe('The image unknown machines tell their hardware with, or auto: the first that can'),
};
const toolFields = {
  arguments: line(MAX_ARGUMENTS_LENGTH).describe(
    "Added to the kernel's command line of each tool, discovery among them, such as console=ttyS0",
  ),
};
const newClientFields = {
  burst: z
    .int()
    .min(1)
    .max(MAX_NEW_CLIENTS)
    .describe('So many clients that were never seen are let in at once'),
  perSecond: z
    .number()
    .min(0.1)
    .max(MAX_NEW_CLIENTS)
    .describe('So many more each second, on each link: a flood of made-up clients takes no more'),
};

const minutes = z.union([z.literal('never'), z.int().min(1).max(MAX_INSTALL_MINUTES)]);
const installFields = {
  attempts: z.int().min(1).max(MAX_ATTEMPTS).describe('Tries of one arming, the first among them'),
  expireHours: z
    .union([z.literal('never'), z.int().min(1).max(MAX_EXPIRE_HOURS)])
    .describe('Hours until an install is armed no more whose machine does not boot'),
  bootMinutes: minutes.describe('Minutes from the offer of the installer until it reads its answer file'),
  quietMinutes: minutes.describe('Minutes without a word of the installer'),
  totalMinutes: minutes.describe('Minutes from the offer of the installer to its end'),
};

export const Policy = z
  .object({
    ...policyFields,
    enrol: EnrolPolicy,
    discovery: z.object(discoveryFields).describe('How unknown machines tell their hardware'),
    tools: z.object(toolFields).describe('What machines are booted into besides installers'),
    newClients: z.object(newClientFields).describe('How many new DHCP clients are let in'),
    menu: z.object(menuFields).describe('The menu'),
    installs: z
      .object(installFields)
      .describe('When installs end by themselves, and whether they are tried again'),
  })
  .describe('What holds for every machine');

export const PolicyChange = z
  .strictObject({
    unknownMachines: policyFields.unknownMachines.exactOptional(),
    authoritative: policyFields.authoritative.exactOptional(),
    enrol: EnrolChange.exactOptional(),
    discovery: z
      .strictObject({ image: discoveryFields.image.exactOptional() })
      .exactOptional()
      .describe('What is to change in how unknown machines tell their hardware'),
    tools: z
      .strictObject({ arguments: toolFields.arguments.exactOptional() })
      .exactOptional()
      .describe('What is to change of tools'),
    newClients: z
      .strictObject({
        burst: newClientFields.burst.exactOptional(),
        perSecond: newClientFields.perSecond.exactOptional(),
      })
      .exactOptional()
      .describe('What is to change in it'),
    menu: z
      .strictObject({
        title: menuFields.title.exactOptional(),
        timeoutSeconds: menuFields.timeoutSeconds.exactOptional(),
        images: menuFields.images.exactOptional(),
        default: menuFields.default.exactOptional(),
      })
      .exactOptional()
      .describe('What is to change in the menu'),
    installs: z
      .strictObject({
        attempts: installFields.attempts.exactOptional(),
        expireHours: installFields.expireHours.exactOptional(),
        bootMinutes: installFields.bootMinutes.exactOptional(),
        quietMinutes: installFields.quietMinutes.exactOptional(),
        totalMinutes: installFields.totalMinutes.exactOptional(),
      })
      .exactOptional()
      .describe('What is to change of it'),
  })
  .describe('What is to change; the rest stays as it is');
