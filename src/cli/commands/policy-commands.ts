import { type Command, Option } from 'commander';
import type { z } from 'zod';
import type { Policy, PolicyChange } from '../../contract/policy-schemas.ts';
import type { Act } from '../cli-context.ts';
import { CliFailure } from '../cli-failure.ts';
import { names, seconds, wholeNumber } from '../option-values.ts';
import type { View } from '../output.ts';
import { secondsForm } from '../text-forms.ts';

type WirePolicy = z.output<typeof Policy>;
type WirePolicyChange = z.input<typeof PolicyChange>;

export interface PolicyFlags {
  readonly unknownMachines?: 'menu' | 'ignore';
  readonly authoritative?: boolean;
  readonly newClients?: number;
  readonly newClientsPerSecond?: number;
  readonly menuTitle?: string;
  readonly menuTimeout?: number;
  readonly menuImages?: readonly string[];
  readonly menuDefault?: string;
}

export function addPolicyCommands(program: Command, act: Act): void {
  const policy = program.command('policy').description('what holds for every machine');
  policy
    .command('show')
    .description('what holds now')
    .action(
      act(async ({ client, output }) => {
        await output.thing(POLICY, await (await client()).call('getPolicy', {}));
      }),
    );
  policy
    .command('set')
    .description('change it; what is not named stays')
    .addOption(new Option('--unknown-machines <what>', 'what they get').choices(['menu', 'ignore']))
    .option('--authoritative', 'refuse addresses of other networks (DHCPNAK)')
    .option('--no-authoritative', 'leave clients of other networks alone')
    .option('--new-clients <number>', 'unknown DHCP clients let in at once on each link', wholeNumber)
    .option('--new-clients-per-second <number>', 'and so many each second after that', wholeNumber)
    .option('--menu-title <text>', "the menu's title")
    .option('--menu-timeout <time>', 'how long the menu waits: 10, 1m; 0 waits for a person', seconds)
    .option('--menu-images <names>', 'images whose installers it offers, with commas; or all', names)
    .option('--menu-default <name>', 'what is taken when nobody chooses: local, or an image')
    .action(
      act<PolicyFlags>(async ({ client, output }, _, flags) => {
        const input = policyChange(flags);
        if (Object.keys(input).length === 0)
          throw new CliFailure('usage', 'What shall change? muster policy set --help shows what there is');
        const changed = await (await client()).call('changePolicy', { input });
        await output.changed(POLICY, changed, 'The policy is changed');
      }),
    );
}

export function policyChange(flags: PolicyFlags): WirePolicyChange {
  const { newClients: burst, newClientsPerSecond: perSecond } = flags;
  const newClients: NonNullable<WirePolicyChange['newClients']> = {
    ...(burst === undefined ? {} : { burst }),
    ...(perSecond === undefined ? {} : { perSecond }),
  };
  const { unknownMachines, authoritative, menuTitle, menuTimeout, menuImages, menuDefault } = flags;
  const menu: NonNullable<WirePolicyChange['menu']> = {
    ...(menuTitle === undefined ? {} : { title: menuTitle }),
    ...(menuTimeout === undefined ? {} : { timeoutSeconds: menuTimeout }),
    ...(menuImages === undefined ? {} : { images: imagesOf(menuImages) }),
    ...(menuDefault === undefined ? {} : { default: menuDefault }),
  };
  return {
    ...(unknownMachines === undefined ? {} : { unknownMachines }),
    ...(authoritative === undefined ? {} : { authoritative }),
    ...(Object.keys(newClients).length === 0 ? {} : { newClients }),
    ...(Object.keys(menu).length === 0 ? {} : { menu }),
  };
}

function imagesOf(given: readonly string[]): 'all' | string[] {
  return given.length === 1 && given[0] === 'all' ? 'all' : [...given];
}

const POLICY: Pick<View<WirePolicy>, 'details' | 'nameOf'> = {
  nameOf: () => 'policy',
  details: ({ unknownMachines, authoritative, newClients, menu }) => [
    ['unknown machines', unknownMachines === 'menu' ? 'get the menu' : 'are ignored'],
    ['other networks', authoritative ? 'are refused (DHCPNAK)' : 'are left alone'],
    ['new DHCP clients', `${newClients.burst} at once, then ${newClients.perSecond} a second`],
    ['menu title', menu.title],
    ['menu waits', menu.timeoutSeconds === 0 ? 'for a person' : secondsForm(menu.timeoutSeconds)],
    ['menu offers', menu.images === 'all' ? 'all images' : menu.images.join(', ')],
    ['menu default', menu.default],
  ],
};
