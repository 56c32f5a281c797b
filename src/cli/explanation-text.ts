import type { z } from 'zod';
import type { BootExplanation } from '../contract/explanation-schemas.ts';
import { BOOT_RULES } from '../core/boot/boot-rules.ts';
import { eventLine } from './commands/event-commands.ts';
import { printable } from './printable.ts';
import { paint, type TableShape } from './table.ts';
import { recentTimeForm } from './text-forms.ts';

type Explanation = z.output<typeof BootExplanation>;

/**
 * What a machine would boot, as a person would tell it.
 *
 * @param asked what the person called the machine.
 */
export function explanationText(
  asked: string,
  explanation: Explanation,
  nowMs: number,
  color: TableShape['color'],
): string {
  const { machine, decisions } = explanation;
  const who = machine?.name ?? `${asked} (not known)`;
  const because = (text: string): string => paint(`  because ${printable(text)}`, 'quiet', color);
  const lines = [
    `${printable(who)} ${bootForm(explanation.boots)}`,
    because(explanation.boots.because),
    ...sourceLines(explanation.boots),
    ...firmwareLines(explanation, because),
    ...stateLines(explanation, nowMs).map(printable),
  ];
  if (decisions.length > 0) lines.push('Last decisions:');
  lines.push(...decisions.map((event) => `  ${eventLine(event, nowMs, color)}`));
  return `${lines.join('\n')}\n`;
}

function bootForm(boots: Explanation['boots']): string {
  switch (boots.boot) {
    case 'installer':
      return `boots the installer of profile ${printable(boots.profile ?? '')}`;
    case 'local disk':
      return 'boots its own disk';
    case 'wait':
      return 'gets the waiting menu';
    case 'discovery':
      return 'tells its hardware, by an installer that installs nothing';
    case 'menu':
      return 'gets the menu';
    case 'nothing':
      return 'is told nothing, and goes on to its next boot device';
    default:
      return boots.boot satisfies never;
  }
}

/** `Gets its tree over NFS, for profile web says so`. */
function sourceLines({ source }: Explanation['boots']): readonly string[] {
  if (source === undefined) return [];
  const begins = source.protocol === undefined ? 'Cannot be given its tree: ' : 'Gets ';
  return [`${begins}${printable(source.because)}`];
}

function firmwareLines(
  { firmware, loader }: Explanation,
  because: (text: string) => string,
): readonly string[] {
  const name = printable(firmware.name);
  const asker =
    firmware.from === 'seen' ? `Its firmware (${name})` : `Its firmware (not seen yet, taken for ${name})`;
  const told = {
    'boot file': `to load ${printable(firmware.file ?? '')}`,
    'Raspberry Pi boot': 'to fetch its files here',
    nothing: 'no boot file',
  }[firmware.gives];
  const found = loader?.found ? `  from ${printable(loader.path ?? '')}` : undefined;
  const missing =
    loader && !loader.found
      ? `  but ${printable(loader.because ?? '')}: ${printable(loader.advice ?? '')}`
      : undefined;
  return [
    `${asker} is told ${told}`,
    because(firmware.because),
    `  rule: ${printable(ruleText(firmware.rule))}`,
    ...(firmware.chain === undefined ? [] : [`  chain: ${printable(firmware.chain)}`]),
    ...[found, missing].filter((line) => line !== undefined),
  ];
}

/** With its sentence, where this command knows the rule. */
function ruleText(rule: string): string {
  const sentence = Object.hasOwn(BOOT_RULES, rule) ? BOOT_RULES[rule as keyof typeof BOOT_RULES] : undefined;
  return sentence === undefined ? rule : `${rule} (${sentence})`;
}

function stateLines(explanation: Explanation, nowMs: number): readonly string[] {
  return [...installLines(explanation, nowMs), ...groupLines(explanation)];
}

function groupLines({ groups, profile }: Explanation): readonly string[] {
  if (groups === undefined || profile === undefined) return [];
  const memberships = groups.map(({ name, because }) => `${name} (${because})`);
  return [
    `Groups: ${memberships.length === 0 ? 'none' : memberships.join(', ')}`,
    `Profile where none is named: ${profile.name ?? 'none'} (${profile.because})`,
  ];
}

function installLines({ lease, install }: Explanation, nowMs: number): readonly string[] {
  const address = lease
    ? `Lease: ${lease.address} in subnet ${lease.subnet}, ${lease.state}, until ${recentTimeForm(lease.expiresAt, nowMs)}`
    : 'Lease: none';
  if (!install) return [address, 'Install: none'];
  const { id, profile, state, changedAt, because, attempt, attempts, retryOf, expiresAt } = install;
  const why = because === undefined ? '' : ` (${because})`;
  const which = retryOf === undefined ? '' : `, try ${attempt} of ${attempts} after ${retryOf},`;
  const until = expiresAt === undefined ? '' : `, until ${recentTimeForm(expiresAt, nowMs)}`;
  return [
    address,
    `Install: ${id} of profile ${profile}${which} is ${state} since ${recentTimeForm(changedAt, nowMs)}${until}${why}`,
  ];
}
