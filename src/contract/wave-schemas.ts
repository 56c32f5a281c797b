import { z } from 'zod';
import { entries, line, machineReference, MAX_TEXT_LENGTH, name, selector, time } from './fields.ts';

/** Machines of one wave. */
const MAX_WAVE_MACHINES = 10_000;
/** Machines that are under way at one time. */
const MAX_AT_ONCE = 1_000;
const MAX_JITTER_SECONDS = 3_600;
/** A terabyte a second. */
const MAX_BYTES_PER_SECOND = 10 ** 12;
const DEFAULT_AT_ONCE = 8;
const DEFAULT_JITTER_SECONDS = 10;

const budgetFields = {
  machines: z.int().min(1).max(MAX_AT_ONCE).describe('Installs that are under way at one time, at most'),
  bytesPerSecond: z
    .int()
    .min(1)
    .max(MAX_BYTES_PER_SECOND)
    .exactOptional()
    .describe('While machines are sent more than this, no further one is started'),
};
const jitterSeconds = z
  .int()
  .min(0)
  .max(MAX_JITTER_SECONDS)
  .describe('A machine whose turn it is is switched on within so many seconds, at random');
const power = z
  .enum(['on', 'none'])
  .describe('on: whose turn it is is switched on; none: people do that, and who boots too early waits');
const profile = name.describe('Name of the profile');

export const WaveMember = z
  .object({
    machine: z.string().describe('Name of the machine'),
    machineId: z.string().describe('Id of the machine'),
    state: z
      .enum(['waiting', 'started', 'installed', 'failed', 'cancelled'])
      .describe('started: it has its turn, and counts towards the budget until its install is over'),
    installId: z.string().exactOptional().describe('Its newest install in this wave'),
    startedAt: time.exactOptional().describe('When it got its turn'),
    endedAt: time.exactOptional().describe('When its install was over'),
    because: z.string().exactOptional().describe('Why it failed or was cancelled'),
    confirmed: z
      .array(z.enum(['data', 'running']))
      .exactOptional()
      .describe(
        'What a person knew to be lost when the wave was made: the data on its disk, what it does since it is on. One with another loss by its turn gets none',
      ),
  })
  .describe("A machine's place in a wave");

export const Wave = z
  .object({
    name: z.string().describe('Its name'),
    profile,
    state: z
      .enum(['running', 'paused', 'done', 'cancelled'])
      .describe('paused: what is under way goes on, and nothing else begins'),
    budget: z.object(budgetFields).describe('What it may take at one time'),
    jitterSeconds,
    power,
    because: z.string().exactOptional().describe('Why it was paused or cancelled'),
    counts: z
      .object({
        waiting: z.int().describe('Machines that had no turn yet'),
        started: z.int().describe('Machines that are under way'),
        installed: z.int().describe('Machines that are installed'),
        failed: z.int().describe('Machines whose install failed'),
        cancelled: z.int().describe('Machines that were left out after all'),
      })
      .describe('Its machines, by how they are'),
    estimatedEndAt: time
      .exactOptional()
      .describe('When it will be over, if the rest goes as what has ended; not known before the first'),
    createdAt: time.describe('When it was made'),
    changedAt: time.describe('When it last changed as a whole'),
  })
  .describe('Many installs, of which only so many are under way at one time');

export const WaveWithMembers = Wave.extend({
  members: z.array(WaveMember).describe('Its machines, in their order'),
}).describe('A wave and its machines');

export const WaveInput = z
  .strictObject({
    name: name.describe('Its name'),
    profile,
    machines: entries(machineReference, MAX_WAVE_MACHINES)
      .default([])
      .describe('Names, ids or MAC addresses of the machines, in the order in which they get their turns'),
    confirmErase: z
      .boolean()
      .exactOptional()
      .describe(
        'Somebody knows that what is on their disks will be gone, and that those that are on are switched off; without it the answer may be `holds-data`',
      ),
    selector: selector
      .exactOptional()
      .describe('Machines with such labels get their turns after those, by name'),
    budget: z
      .strictObject({ ...budgetFields, machines: budgetFields.machines.default(DEFAULT_AT_ONCE) })
      .default({ machines: DEFAULT_AT_ONCE })
      .describe('What it may take at one time'),
    jitterSeconds: jitterSeconds.default(DEFAULT_JITTER_SECONDS),
    power: power.default('none'),
  })
  .describe('A wave to start');

const because = line(MAX_TEXT_LENGTH).exactOptional().describe('Why, for the timeline');

export const WavePause = z.strictObject({ because }).describe('Why it is paused');

export const WaveCancel = z
  .strictObject({
    because,
    underWay: z
      .enum(['goes on', 'is cancelled'])
      .default('goes on')
      .describe('What becomes of installs that have begun'),
  })
  .describe('How it is cancelled');
