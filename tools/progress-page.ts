import { MAX_POSTED_LINES, POSTED_RATE } from '../src/services/installs/install-intake.ts';
import { MAX_EVENTS_OF_INSTALL } from '../src/api/install-progress-handlers.ts';
import { MAX_TAIL_LINES } from '../src/contract/install-log-schemas.ts';
import { LEAST_POINTS } from '../src/core/progress/decide-progress.ts';
import { STEP_NAMES, STEPS } from '../src/core/progress/steps.ts';
import { SETTINGS } from '../src/core/settings/settings.ts';
import { SYSLOG_LIMITS } from '../src/protocols/syslog/server.ts';
import { MAX_LOG_BODY_BYTES, MAX_REPORTING_BYTES } from '../src/servers/machine-http-sayings.ts';
import { FLUSH_MS, MAX_WAITING_BYTES } from '../src/services/installs/install-logs.ts';
import { MAX_LINE_LENGTH } from '../src/services/installs/installer-lines.ts';
import { LAST_WORDS_MS } from '../src/services/installs/who-logs.ts';
import { page, table } from './page-parts.ts';

export function progressPage(): string {
  return page(
    'Progress and logs of installs',
    'src/core/progress/steps.ts',
    'Every installer is followed by the same steps, and what it says is kept.',
    COMMANDS,
    '## The steps',
    table(
      ['step', 'begins at', 'what happens'],
      STEP_NAMES.map((name) => [`\`${name}\``, `${STEPS[name].from} %`, STEPS[name].sentence]),
    ),
    STEPS_TEXT,
    '## Where the steps come from',
    table(['installer', 'how its log comes', 'what shows the steps'], INSTALLERS),
    OWN_INSTALLERS,
    '## Limits',
    table(['limit', 'value', 'beyond it'], LIMITS),
    SECURITY,
  );
}

const COMMANDS = table(
  ['command', 'what it does'],
  [
    [
      '`muster install watch MACHINE`',
      'a live line with a bar on a terminal, lines elsewhere, until the install is over; exit code 1 where it failed',
    ],
    [
      '`muster install show MACHINE`',
      'the install, and each step with when it began, how long it took and what was told of it last',
    ],
    [
      '`muster install log MACHINE`',
      'the log; `--tail 100` its last lines, `-f` goes on with what comes, `-o json` a line each as JSON',
    ],
    ['`muster events -f MACHINE`', 'the same among everything else that happens to the machine'],
  ],
);

const STEPS_TEXT = `Where an installer tells how much of a step is done, as "package 120 of 450", the percent lies that much between the beginning of this step and of the next; else it is that of the beginning.

Progress never goes back: what is said of an earlier step, as by lines that come late, changes nothing. It is an event of the timeline where the step is another one, or the percent has grown by ${LEAST_POINTS} points or more; the same step told again is answered and writes nothing.

A log alone never moves an install on in its life: that it started, finished or failed is said by a report (docs/install-life.md), or by the webhook of subiquity where the whole install failed.`;

const INSTALLERS: readonly (readonly string[])[] = [
  ['anaconda, EL 5', '`syslog=` on its command line: UDP', 'the steps of its log, reports of the kickstart'],
  ['anaconda, EL 6', '`syslog=`: UDP and TCP', 'the same'],
  [
    'anaconda, EL 7 to 10, Fedora',
    '`inst.syslog=`: TCP, by rsyslogd',
    'queues and tasks of its log, packages with their number in EL 7 and from dnf5 on; reports of the kickstart',
  ],
  [
    'debian-installer',
    "`log_host=`, `log_port=`: UDP, by busybox' syslogd",
    'the items of its main menu, debootstrap, apt; reports of the preseed',
  ],
  ['subiquity (Ubuntu 20.04 and later)', 'a webhook, posted to `…/reporting`', 'the names of its events'],
  [
    'AutoYaST',
    '`loghost=`, where syslog.port is 514, since linuxrc knows no other',
    'modules that YaST runs; reports of its scripts',
  ],
  [
    'Agama',
    "its journal, posted to `…/log` every ten seconds by a unit of Muster's",
    'words of its journal; reports of its scripts',
  ],
  [
    'coreos-installer, flatcar-install',
    'posted every five seconds by the service that installs',
    'reports of that service, with the percent of the image',
  ],
  [
    'setup-alpine',
    'posted every five seconds by the script that runs it',
    'reports of that script, packages with their number',
  ],
  ['Arch', 'posted every five seconds by its script, while packages are installed', 'reports of its script'],
  ['Proxmox', 'not by itself; it can be posted to `…/log`', 'its end; the percent of a log that is posted'],
];

const OWN_INSTALLERS = `The words of each stand in a table of \`src/core/progress/\`, one file for each installer; the logs of other systems are kept and show no steps, and so are those of installers that carry a tool, whose program reports its own.

An answer file or installer of your own posts to the address of its install (in templates \`urls.report\`):

\`\`\`
curl --data 'step=packages&percent=40&message=bash' {{ urls.report }}/progress
curl --data-binary @/tmp/anaconda.log               {{ urls.report }}/log
\`\`\`

A \`step\` that is in the table above is that step, also with words behind it (\`disk sda\`); any other is a step of its own. Without \`percent\` the step's own is taken. What cloud-init calls a webhook (\`reporting: {muster: {type: webhook, endpoint: "{{ urls.report }}/reporting"}}\`, in Ubuntu's autoinstall and in cloud-config alike) is understood as it is. Where syslog is taken, templates have \`urls.syslog_host\` and \`urls.syslog_port\`; where it is not, these are empty and 0.`;

const LIMITS: readonly (readonly string[])[] = [
  [
    'log of one install',
    `${megabytes(Number(SETTINGS['installLogs.installBytes'].default))} (\`installLogs.installBytes\`)`,
    'it says so in its last line, and what comes then is not kept',
  ],
  [
    'logs of all installs',
    `${megabytes(Number(SETTINGS['installLogs.totalBytes'].default))} (\`installLogs.totalBytes\`)`,
    'the logs of those go that were over first; of those under way none',
  ],
  ['a line', `${MAX_LINE_LENGTH} characters, ${SYSLOG_LIMITS.messageBytes} bytes over syslog`, 'it is cut'],
  [
    'lines of one address over syslog',
    `${SYSLOG_LIMITS.rate.perSecond} a second, ${SYSLOG_LIMITS.rate.burst} at once`,
    'dropped and counted',
  ],
  [
    'connections for syslog',
    `${SYSLOG_LIMITS.connections}, ${SYSLOG_LIMITS.connectionsPerAddress} of one address`,
    'closed at once and counted',
  ],
  ['a connection without a byte', `${SYSLOG_LIMITS.silentMs / 1000} s`, 'closed; rsyslogd opens another'],
  ['a piece of a log that is posted', `${MAX_LOG_BODY_BYTES} bytes`, '413'],
  ['lines of a piece of a log that is posted', `${MAX_POSTED_LINES}`, '429, and none is kept'],
  [
    'lines and events that one install posts',
    `${POSTED_RATE.perSecond} a second, ${POSTED_RATE.burst} at once`,
    '429, and none is kept: to be posted again later',
  ],
  ['an event of a webhook', `${MAX_REPORTING_BYTES} bytes`, '413'],
  [
    'lines that wait for the disk',
    `${megabytes(MAX_WAITING_BYTES)}, ${FLUSH_MS} ms`,
    'dropped and counted; a process that is killed loses what came in this time',
  ],
  [
    'last words',
    `${LAST_WORDS_MS / 60_000} min after the end of an install`,
    'later lines are of the installed system, and dropped',
  ],
  ['lines from the end of a log', String(MAX_TAIL_LINES), 'refused'],
  ['events that steps are read from', String(MAX_EVENTS_OF_INSTALL), 'the newest count'],
];

const SECURITY = `## Whose lines they are

Over syslog nothing but the source address says who speaks. It is the machine that holds the lease of this address, and its install must be booting, under way, or just over; all other lines are dropped and counted (\`muster_syslog_messages_total\`, docs/metrics.md). A machine network is hostile: whoever forges a source address can write lines into the log of another install and show wrong steps, but cannot move the install on, and not read anything. What is posted needs the token of the install as well.

Logs are files below \`logs\` in the data folder, which only the user of Muster reads. An installer may log what it should not, such as a command line with a password; so they go with the limits above and nowhere else. Control characters stand in them as escapes, and the command line escapes once more what a terminal might obey.

What is spoken on the port: [supported-syslog.md](supported-syslog.md).`;

function megabytes(bytes: number): string {
  return `${bytes / (1024 * 1024)} MiB`;
}
