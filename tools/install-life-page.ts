import { DISK_MAY_BOOT_PERCENT } from '../src/core/install/decide-retry.ts';
import { DEFAULT_INSTALL_POLICY, type InstallPolicy } from '../src/core/install/install-policy.ts';
import { INSTALL_STATES, type InstallEvent, OPEN_STATES, transitions } from '../src/core/install/life.ts';
import { page, table } from './page-parts.ts';

export function installLifePage(): string {
  return page(
    'The life of an install',
    'src/core/install/life.ts',
    `An install is one armed try on one machine. While it is ${OPEN_STATES.join(', ')} it is open, and a machine has at most one open install. An event that is not in the row of a state cannot happen in it: an installer that reports it gets 409 with the reason, and nothing changes.`,
    diagram(),
    table(['event', 'happens when', 'leads'], eventRows()),
    ...INSTALLER_GIVEN_ONCE,
    ...ENDS_BY_ITSELF,
    ...ARMING,
    ...SECRETS,
    ...REPORTING,
  );
}

function diagram(): string {
  const arrows = transitions().filter(({ from, to }) => from !== to);
  return [
    '```mermaid',
    'stateDiagram-v2',
    '  [*] --> requested: armed',
    ...arrows.map(({ from, event, to }) => `  ${from} --> ${to}: ${event}`),
    '```',
  ].join('\n');
}

const HAPPENS_WHEN: Readonly<Record<InstallEvent, string>> = {
  bootOffered: 'the loader of the machine was told to start the installer',
  answerServed: 'the installer has read its answer file',
  started: 'the installer says that it runs',
  progressed: 'the installer says how far it is',
  finished: 'the installer says that it is done',
  failed: 'the installer says that it gave up',
  timedOut: 'nothing was heard for too long (policy, below)',
  bootedAgain:
    'the loader of the machine asks what to boot, though an installer runs there: its power was cut',
  expired: 'the machine did not boot before the install was armed no more',
  cancelled: 'somebody asked for it',
  diskBooted: 'the installed system says that it runs',
};

function eventRows(): readonly (readonly string[])[] {
  const events = [...new Set(transitions().map(({ event }) => event))];
  return events.map((event) => [
    `\`${event}\``,
    HAPPENS_WHEN[event],
    transitions()
      .filter((arrow) => arrow.event === event)
      .map(({ from, to }) => (from === to ? `${from} (stays)` : `${from} → ${to}`))
      .join(', '),
  ]);
}

const over = INSTALL_STATES.filter((state) => !OPEN_STATES.some((open) => open === state));

const INSTALLER_GIVEN_ONCE = [
  '## No second install by itself',
  `The installer is given only while its install is requested or booting. Once it has read its answer file, no boot is told to start it again, however often the machine asks and whatever its boot order: it boots its own disk, in ${over.join(', ')} as well.`,
  `A machine whose power is cut while it installs has half a system on its disk. When its loader asks again, that install has failed, with where it was, and the next try is armed at once: a new install, linked by \`retryOf\`, given to the very boot that asked. There are \`installs.attempts\` tries of one arming (${DEFAULT_INSTALL_POLICY.attempts}); after the last the machine boots its own disk. No other try is armed by itself`,
  [
    '* where the installer reported its failure: the reason would be there the second time, too;',
    '* where it never reported anything: perhaps it reached its end, and its template has no reports;',
    `* where it had reported ${DISK_MAY_BOOT_PERCENT} % or more: its boot loader was written, so the disk probably boots. If the system on it then says that it runs, the install was installed after all;`,
    '* where it only fell silent: it may still be at work.',
  ].join('\n'),
  'A machine that boots from the disc in the drive of its BMC asks for no script, and its installer may read that disc, too, so nothing tells that its power was cut: its install fails when nothing was heard for too long.',
  `Installers that start the computer anew before they are done must report ${DISK_MAY_BOOT_PERCENT} % or more before that, or be used where \`installs.attempts\` is 1.`,
] as const;

const POLICY_ROWS: Readonly<
  Record<Exclude<keyof InstallPolicy, 'attempts'>, readonly [flag: string, what: string]>
> = {
  expireHours: ['--install-expires', 'hours until an install is armed no more whose machine does not boot'],
  bootMinutes: [
    '--install-boot',
    'minutes from the first offer of the installer until it reads its answer file; the disk is untouched, so the next try is armed',
  ],
  quietMinutes: ['--install-quiet', 'minutes without a word of the installer'],
  totalMinutes: ['--install-total', 'minutes from the first offer of the installer to its end'],
};

const ENDS_BY_ITSELF = [
  '## When it ends by itself',
  '`muster policy set` changes these; each may be `never`. They run on a clock that only goes forward, so that no wall clock that is set ends an install; what was said while Muster did not run is no silence.',
  table(
    ['policy', 'flag', 'default', 'what it is'],
    Object.entries(POLICY_ROWS).map(([name, [flag, what]]) => [
      `\`installs.${name}\``,
      `\`${flag}\``,
      String(DEFAULT_INSTALL_POLICY[name as keyof InstallPolicy]),
      what,
    ]),
  ),
] as const;

const ARMING = [
  '## Arming',
  '```\nmuster install web01 --profile web --expires 2h\nmuster install --selector rack=a --limit 10\n```',
  'Without `--profile` each machine is installed with the profile of its groups ([site-file.md](site-file.md)), and it is told which group names it (API: `profileBecause`; the timeline has it, too). A machine in no group that names one cannot be armed so: say `--profile`, or have a group name one.',
  'With a selector all machines that it chooses are armed, or none where one cannot be, and each reason is told; `--skip-refused` arms the others. An install is for one use.',
  'Where the disk is known to hold data (Muster installed the machine before, or the machine said so of its disks), a person is asked first; where there is no terminal it is refused, with what is there. `--erase` says yes beforehand (API: `confirmErase`; without it the problem is `holds-data`). `-y` does not say it. The next try of an install needs no second confirmation.',
] as const;

const SECRETS = [
  '## Who may see its secrets',
  'Each install has a token in its URLs. Its answer file is given only while it is booting or installing, and only to its machine: to the address of the lease of one of its MAC addresses, or where it has no lease here, to the address that was told to boot. The files of an overlay are given between the offer of the installer and its start. When the install is over its token opens nothing but the report `booted`. Everybody else gets the same 404 as for a token that never was.',
] as const;

const REPORTING = [
  '## How installers report',
  'The answer files that come with Muster do this by themselves. An installer of your own posts to the report address of its install, `http://SERVER:8080/installs/TOKEN` (in templates: `urls.report`), with a form body of `step`, `percent` and `message`, all optional:',
  table(
    ['POST to', 'means'],
    [
      ['`…/started`', 'the installer runs'],
      ['`…/progress`', 'how far it is'],
      ['`…/finished`', 'the disk is done; from now on the machine boots it'],
      ['`…/failed`', 'it gave up; `message` says why'],
      ['`…/booted`', 'the installed system runs'],
      ['`…/log`', 'a piece of the log as text, which is kept: [progress-and-logs.md](progress-and-logs.md)'],
      ['`…/reporting`', "an event of cloud-init's webhook as JSON, which shows a step"],
    ],
  ),
  'The answer comes after the event is on disk: an installer that got 2xx need not repeat itself.',
] as const;
