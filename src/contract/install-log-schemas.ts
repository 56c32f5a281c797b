import { z } from 'zod';
import { time } from './fields.ts';
import { Install } from './install-schemas.ts';

export const StepTaken = z
  .object({
    step: z.string().describe("One of the steps of docs/progress-and-logs.md, or the installer's own word"),
    startedAt: time.describe('When it began'),
    endedAt: time.exactOptional().describe('When the next one began; left out while it is the last'),
    percent: z.number().exactOptional().describe('How much of the whole way was done, 0 to 100'),
    doing: z.string().exactOptional().describe('What was told of it last'),
  })
  .describe('A step that an install went through, or is at');

export const InstallProgress = z
  .object({
    ...Install.shape,
    steps: z.array(StepTaken).describe('In their order'),
    logBytes: z.number().describe('Bytes of its log'),
  })
  .describe('How far an install is, and how it got there');

export const LogLine = z.object({ line: z.string().describe('A line of the log, with its time') });

/** Lines from the end of a log that can be asked for. */
export const MAX_TAIL_LINES = 100_000;
