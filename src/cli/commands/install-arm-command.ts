import type { Command } from 'commander';
import type { z } from 'zod';
import type { ArmedInstall, InstallsInput } from '../../contract/install-schemas.ts';
import type { Act, CliContext } from '../cli-context.ts';
import { CliFailure } from '../cli-failure.ts';
import { confirmingErase } from '../confirming-erase.ts';
import { printable } from '../printable.ts';
import { seconds, wholeNumber } from '../option-values.ts';
import { selectorOption } from '../selector-option.ts';
import { countForm } from '../text-forms.ts';
import { ARMED_INSTALLS, INSTALLS } from './install-view.ts';

interface InstallFlags {
  readonly profile?: string;
  readonly selector?: string;
  readonly limit?: number;
  readonly expires?: number | 'never';
  readonly erase?: true;
  readonly skipRefused?: true;
}

/** `muster install MACHINE`, or `--selector S` in place of the machine; both with `--profile P` or as groups say. */
export function addArming(install: Command, act: Act): Command {
  return install
    .argument('[machine]', 'its name, id or a MAC address')
    .description(
      'arm an install: the machine boots the installer the next time it boots from the network, once',
    )
    .option('--profile <name>', 'how to install it; left out: what the groups of each machine say')
    .addOption(selectorOption('in place of one machine, all with such labels'))
    .option('--limit <number>', 'with --selector: so many of them at most, the first by name', wholeNumber)
    .option('--expires <time>', 'armed no more after this: 2h, 30m, never', expiry)
    .option('--erase', 'yes, what is on the disk shall be gone; -y does not say this')
    .option('--skip-refused', 'with --selector: pass over machines that cannot be armed')
    .action(act<InstallFlags>(armAsTold));
}

async function armAsTold(
  context: CliContext,
  [machine]: readonly string[],
  flags: InstallFlags,
): Promise<void> {
  const { profile, selector, limit, skipRefused, expires, erase } = flags;
  const wish = expires === undefined ? {} : { expiresSeconds: expires };
  if (selector !== undefined && machine === undefined) {
    const input = {
      ...wish,
      selector,
      ...(profile === undefined ? {} : { profile }),
      ...(limit === undefined ? {} : { limit }),
      ...(skipRefused === undefined ? {} : { skipRefused }),
    };
    return await armMany(context, input, erase);
  }
  if (machine === undefined || selector !== undefined || limit !== undefined || skipRefused !== undefined)
    throw new CliFailure(
      'usage',
      'Which machine? Name one, or choose several with --selector; --limit and --skip-refused go with that',
    );
  const armed = await confirmingErase(context, erase, async (confirmed) => {
    const client = await context.client();
    const input = { ...wish, ...confirmed, machine, ...(profile === undefined ? {} : { profile }) };
    return await client.call('armInstall', { input });
  });
  warn(context, armed.warnings);
  await context.output.changed(
    INSTALLS,
    armed,
    `Install ${armed.id} of profile ${armed.profile} is armed: ${armed.machine} starts the installer when it boots from the network.${whyProfile(armed)} Follow it with: muster install watch ${armed.machine}`,
  );
}

async function armMany(
  context: CliContext,
  input: z.input<typeof InstallsInput>,
  erase: InstallFlags['erase'],
): Promise<void> {
  const { items, passedOver, warnings } = await confirmingErase(context, erase, async (confirmed) => {
    const client = await context.client();
    return await client.call('armInstalls', { input: { ...input, ...confirmed } });
  });
  for (const { machine, because } of passedOver) context.output.talk(`Passed over ${machine}: ${because}`);
  warn(context, warnings);
  context.output.talk(
    `${countForm(items.length, 'install')} armed: the machines start the installer when they boot from the network`,
  );
  await context.output.list(ARMED_INSTALLS, items, 'None was armed');
}

function whyProfile({ profileBecause }: z.output<typeof ArmedInstall>): string {
  return profileBecause === undefined ? '' : ` It has this profile because ${printable(profileBecause)}.`;
}

function warn({ output }: CliContext, warnings: readonly string[] = []): void {
  for (const warning of warnings) output.talk(printable(`Warning: ${warning}`));
}

/** Seconds, or `never`. */
function expiry(text: string): number | 'never' {
  return text === 'never' ? text : seconds(text);
}
