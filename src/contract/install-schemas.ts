import { z } from 'zod';
import { time, name, machineReference, selector } from './fields.ts';

/** Machines that are armed by one request. */
export const MAX_ARMED_AT_ONCE = 10_000;
/** A year. */
const MAX_EXPIRES_SECONDS = 31_536_000;

export const Install = z
  .object({
    id: z.string().describe('Its id'),
    machine: z.string().describe('Name of the machine'),
    machineId: z.string().describe('Id of the machine'),
    profile: z.string().describe('Name of the profile'),
    state: z
      .enum(['requested', 'booting', 'installing', 'installed', 'failed', 'cancelled', 'expired'])
      .describe('How far it is; docs/install-life.md says what may follow'),
    step: z.string().exactOptional().describe("The installer's last words on how far it is"),
    percent: z.number().exactOptional().describe('0 to 100, as the installer said it'),
    because: z.string().exactOptional().describe('Why it failed, expired or was cancelled'),
    cause: z
      .enum(['failed', 'timedOut', 'bootedAgain', 'expired', 'cancelled'])
      .exactOptional()
      .describe('By what it ended: the event of docs/install-life.md'),
    attempt: z.int().describe('Which try it is of those that were armed together, from 1'),
    attempts: z.int().describe('So many tries there may be'),
    retryOf: z.string().exactOptional().describe('Id of the install after which it is the next try'),
    expiresAt: time
      .exactOptional()
      .describe('While it is requested: when it is armed no more; absent: it does not expire'),
    requestedAt: time.describe('When it was armed'),
    changedAt: time.describe('When it last changed'),
  })
  .describe('One armed try to install one machine');

export const ArmedInstall = z
  .object({
    ...Install.shape,
    profileBecause: z
      .string()
      .exactOptional()
      .describe('Which group names the profile; left out where it was asked for'),
  })
  .describe('An install, and why with this profile');

const wishFields = {
  profile: name.exactOptional().describe('Name of the profile; left out: the one its groups name'),
  expiresSeconds: z
    .union([z.literal('never'), z.int().min(1).max(MAX_EXPIRES_SECONDS)])
    .exactOptional()
    .describe('Until it is armed no more where the machine does not boot; left out: as the policy says'),
  confirmErase: z
    .boolean()
    .exactOptional()
    .describe(
      'Somebody knows that what is on the disk will be gone; without it the answer may be `holds-data`',
    ),
};

export const InstallInput = z
  .strictObject({
    machine: machineReference.describe('Name, id or MAC address of the machine'),
    ...wishFields,
  })
  .describe('An install to arm');

export const InstallsInput = z
  .strictObject({
    selector: selector.describe(
      'Which machines, by their labels: `rack=a,role!=db`; an empty one chooses none',
    ),
    limit: z
      .int()
      .min(1)
      .max(MAX_ARMED_AT_ONCE)
      .exactOptional()
      .describe('So many of them at most, the first by name'),
    skipRefused: z
      .boolean()
      .exactOptional()
      .describe('Those that cannot be armed are passed over; without it none is armed then'),
    ...wishFields,
  })
  .describe('Installs to arm on all machines that a selector chooses');

const warnings = z
  .array(z.string())
  .exactOptional()
  .describe('Variables that are set and that the installer is not told of, each with the reason');

export const ArmedOne = ArmedInstall.extend({ warnings }).describe(
  'An install that was armed, and why with this profile',
);

export const ArmedInstalls = z
  .object({
    items: z.array(ArmedInstall).describe('Those that are armed, by name of the machine'),
    passedOver: z
      .array(
        z.object({
          machine: z.string().describe('Name of the machine'),
          because: z.string().describe('Why it was not armed'),
        }),
      )
      .describe('Those that are not'),
    warnings,
  })
  .describe('What was armed');
