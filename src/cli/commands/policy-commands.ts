import { type Command, InvalidArgumentError, Option } from 'commander';
import type { z } from 'zod';
import type { Policy, PolicyChange } from '../../contract/policy-schemas.ts';
import type { Act } from '../cli-context.ts';
import { CliFailure } from '../cli-failure.ts';
import { names, seconds, wholeNumber } from '../option-values.ts';
import type { View } from '../output.ts';
import { countForm, secondsForm } from '../text-forms.ts';
import { withoutUndefined } from '../../lib/without-undefined.ts';

type WirePolicy = z.output<typeof Policy>;
type WirePolicyChange = z.input<typeof PolicyChange>;

const UNKNOWN_MACHINES = ['menu', 'ignore', 'discover', 'enrol'] as const;
type UnknownMachines = (typeof UNKNOWN_MACHINES)[number];

export interface PolicyFlags {
  readonly unknownMachines?: UnknownMachines;
  readonly discoveryImage?: string;
  readonly toolArgs?: string;
  readonly authoritative?: boolean;
  readonly newClients?: number;
  readonly newClientsPerSecond?: number;
  readonly menuTitle?: string;
  readonly menuTimeout?: number;
  readonly menuImages?: readonly string[];
  readonly menuDefault?: string;
  readonly installAttempts?: number;
  readonly installExpires?: InstallTime;
  readonly installBoot?: InstallTime;
  readonly installQuiet?: InstallTime;
  readonly installTotal?: InstallTime;
}

type InstallTime = number | 'never';

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
    .addOption(
      new Option('--unknown-machines <what>', 'what a machine gets that is not known').choices(
        UNKNOWN_MACHINES,
      ),
    )
    .option('--discovery-image <name>', 'the image they tell their hardware with; auto: the first that can')
    .option('--tool-args <words>', "for the kernels of all tools, as in console=ttyS0; '' takes them away")
    .option('--authoritative', 'refuse addresses of other networks (DHCPNAK)')
    .option('--no-authoritative', 'leave clients of other networks alone')
    .option('--new-clients <number>', 'unknown DHCP clients let in at once on each link', wholeNumber)
    .option('--new-clients-per-second <number>', 'and so many each second after that', wholeNumber)
    .option('--menu-title <text>', "the menu's title")
    .option('--menu-timeout <time>', 'how long the menu waits: 10, 1m; 0 waits for a person', seconds)
    .option('--menu-images <names>', 'images whose installers it offers, with commas; or all', names)
    .option('--menu-default <name>', 'what is taken when nobody chooses: local, or an image')
    .option('--install-attempts <number>', 'tries of one arming, where a machine is cut off', wholeNumber)
    .option('--install-expires <time>', 'until an install is armed no more: 24h, 7d, never', hours)
    .option(
      '--install-boot <time>',
      'from the offer of the installer to its answer file: 60m, never',
      minutes,
    )
    .option('--install-quiet <time>', 'without a word of the installer: 90m, never', minutes)
    .option('--install-total <time>', 'from the offer of the installer to its end: 8h, never', minutes)
    .action(
      act<PolicyFlags>(async ({ client, output }, _, flags) => {
        const input = policyChange(flags);
        if (Object.keys(input).length === 0)
          throw new CliFailure('usage', 'What shall change? muster policy set --help shows what there is');
        const changed = await (await client()).call('changePolicy', { input });
        await output.changed(POLICY, changed, 'The policy is changed');
      }),
    );
  addEnrolCommand(policy, act);
}

function addEnrolCommand(policy: Command, act: Act): void {
  policy
    .command('enrol')
    .argument('[file]', 'the rules in YAML, in place of those that are there; - reads standard input')
    .option('--maximum <number>', 'so many machines may have become known by a rule', wholeNumber)
    .description('rules by which unknown machines become known (muster policy set --unknown-machines enrol)')
    .action(
      act<{ readonly maximum?: number }>(async ({ client, output, terminal }, [file], { maximum }) => {
        if (file === undefined && maximum === undefined)
          throw new CliFailure('usage', 'What shall change? Name a file with rules, or say --maximum');
        // Loaded when it is wanted: most commands do without YAML.
        const { readEnrolRules } = await import('../enrol-rules.ts');
        const enrol = file === undefined ? {} : await readEnrolRules(terminal, file);
        const input = { enrol: { ...enrol, ...(maximum === undefined ? {} : { maximum }) } };
        const changed = await (await client()).call('changePolicy', { input });
        const { rules, maximum: most } = changed.enrol;
        const sentence = `${countForm(rules.length, 'rule')} may make ${countForm(most, 'machine')} known`;
        const isHeard = changed.unknownMachines === 'enrol' || changed.unknownMachines === 'discover';
        await output.changed(
          POLICY,
          changed,
          isHeard ? sentence : `${sentence}, once muster policy set --unknown-machines enrol is said`,
        );
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
  const installs = withoutUndefined({
    attempts: flags.installAttempts,
    expireHours: flags.installExpires,
    bootMinutes: flags.installBoot,
    quietMinutes: flags.installQuiet,
    totalMinutes: flags.installTotal,
  });
  return {
    ...(flags.toolArgs === undefined ? {} : { tools: { arguments: flags.toolArgs } }),
    ...(flags.discoveryImage === undefined ? {} : { discovery: { image: flags.discoveryImage } }),
    ...(unknownMachines === undefined ? {} : { unknownMachines }),
    ...(authoritative === undefined ? {} : { authoritative }),
    ...(Object.keys(newClients).length === 0 ? {} : { newClients }),
    ...(Object.keys(menu).length === 0 ? {} : { menu }),
    ...(Object.keys(installs).length === 0 ? {} : { installs }),
  };
}

function hours(text: string): InstallTime {
  return wholeTime(text, 3_600, 'whole hours are wanted, such as 24h, or never');
}

function minutes(text: string): InstallTime {
  return wholeTime(text, 60, 'whole minutes are wanted, such as 90m, or never');
}

function wholeTime(text: string, unitSeconds: number, wanted: string): InstallTime {
  if (text === 'never') return text;
  const count = seconds(text) / unitSeconds;
  if (!Number.isInteger(count)) throw new InvalidArgumentError(wanted);
  return count;
}

function timeForm(time: InstallTime, unitSeconds: number): string {
  return time === 'never' ? time : secondsForm(time * unitSeconds);
}

function imagesOf(given: readonly string[]): 'all' | string[] {
  return given.length === 1 && given[0] === 'all' ? 'all' : [...given];
}

const UNKNOWN_TEXTS: Readonly<Record<UnknownMachines, string>> = {
  menu: 'get the menu',
  ignore: 'are ignored',
  discover: 'tell their hardware, and are known from then on',
  enrol: 'are known from then on where a rule fits',
};

/** `node-{n:03}: mac 52:54:00, vendor Dell*; armed with profile web`. */
function ruleForm({ name, when, profile, arm }: WirePolicy['enrol']['rules'][number]): string {
  const asks = Object.entries(when)
    .map(([word, said]) => `${word} ${said}`)
    .join(', ');
  const armed =
    profile === undefined ? '' : arm === true ? `; armed with profile ${profile}` : `; profile ${profile}`;
  return `${name}: ${asks === '' ? 'every machine' : asks}${armed}`;
}

const POLICY: Pick<View<WirePolicy>, 'details' | 'nameOf'> = {
  nameOf: () => 'policy',
  details: ({ unknownMachines, enrol, discovery, tools, authoritative, newClients, menu, installs }) => [
    ['unknown machines', UNKNOWN_TEXTS[unknownMachines]],
    ['made known', `${countForm(enrol.maximum, 'machine')} at most`],
    ['rules', enrol.rules.map(ruleForm).join('\n') || 'none'],
    ['discovery image', discovery.image],
    ['words for tools', tools.arguments || 'none'],
    ['other networks', authoritative ? 'are refused (DHCPNAK)' : 'are left alone'],
    ['new DHCP clients', `${newClients.burst} at once, then ${newClients.perSecond} a second`],
    ['menu title', menu.title],
    ['menu waits', menu.timeoutSeconds === 0 ? 'for a person' : secondsForm(menu.timeoutSeconds)],
    ['menu offers', menu.images === 'all' ? 'all images' : menu.images.join(', ')],
    ['menu default', menu.default],
    ['install tries', `${installs.attempts}`],
    ['installs expire', timeForm(installs.expireHours, 3_600)],
    ['installs boot within', timeForm(installs.bootMinutes, 60)],
    ['installers are silent for', timeForm(installs.quietMinutes, 60)],
    ['installs end within', timeForm(installs.totalMinutes, 60)],
  ],
};
