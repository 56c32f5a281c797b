import { z } from 'zod';
import { entries, labels, line, name, variables } from './fields.ts';

/** Rules by which unknown machines become known. */

const MAX_RULES = 256;
const MAX_ENROLLED = 100_000;
/** Characters of a pattern. */
const MAX_PATTERN = 128;

const pattern = line(MAX_PATTERN).min(1);

const EnrolCondition = z
  .strictObject({
    mac: line(MAX_PATTERN)
      .regex(
        /^[\da-f]{1,2}(?:[:-]?[\da-f]{1,2}){0,5}$/i,
        'the first digits of a MAC address are wanted: 52:54:00',
      )
      .exactOptional()
      .describe('The first digits of its MAC address'),
    subnet: name.exactOptional().describe('The subnet it asks in'),
    firmware: z.enum(['BIOS', 'UEFI', 'U-Boot']).exactOptional().describe('What its firmware is'),
    architecture: pattern
      .exactOptional()
      .describe('Its processor as the kernel says it: x86_64, aarch64, i386, arm, riscv64, loongarch64'),
    vendor: pattern.exactOptional().describe('Who made it, with * and ?'),
    product: pattern.exactOptional().describe('What it is called, with * and ?'),
    serial: pattern.exactOptional().describe('Its serial number, with * and ?'),
    circuitId: pattern.exactOptional().describe('The port it is plugged into (option 82), with * and ?'),
    remoteId: pattern.exactOptional().describe('The switch it is plugged into (option 82), with * and ?'),
  })
  .describe('What it must be like; all that is said must hold');

const ruleFields = {
  name: pattern.describe('What it is called, with {n}, {n:03}, {mac} or {serial}'),
  profile: name.exactOptional().describe('The profile that its install uses where it is armed'),
  arm: z
    .literal(true)
    .exactOptional()
    .describe('Whether its install is armed as soon as it is known, once; only where it is said'),
};

export const EnrolRuleInput = z
  .strictObject({
    when: EnrolCondition.default({}),
    ...ruleFields,
    labels: labels.default({}).describe('Its labels'),
    variables: variables.default({}).describe('Its variables'),
  })
  .describe('A rule by which unknown machines become known');

const EnrolRule = z
  .object({
    when: EnrolCondition,
    ...ruleFields,
    labels: z.record(z.string(), z.string()).describe('Its labels'),
    variables: z.record(z.string(), z.string()).describe('Its variables'),
  })
  .describe('A rule by which unknown machines become known');

const maximum = z
  .int()
  .min(0)
  .max(MAX_ENROLLED)
  .describe('So many machines that are there may have become known by a rule');

export const EnrolPolicy = z
  .object({ maximum, rules: z.array(EnrolRule).describe('The first that fits wins') })
  .describe('How unknown machines become known');

export const EnrolChange = z
  .strictObject({
    maximum: maximum.exactOptional(),
    rules: entries(EnrolRuleInput, MAX_RULES)
      .exactOptional()
      .describe('All rules, in place of those that are there; the first that fits wins'),
  })
  .describe('What is to change in it');
