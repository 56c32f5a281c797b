import { HEALTH_PATH, METRICS_PATH, READY_PATH } from '../src/contract/routes.ts';
import { FIRMWARE, type FirmwareRow } from '../src/core/boot/firmware.ts';
import { LOADER_HOMES } from '../src/core/boot/loader-homes.ts';
import { WITHOUT_LOADER } from '../src/core/boot/without-loader.ts';
import { installCommandOf, LOADERS, loaderSets } from '../src/core/boot/loaders.ts';
import { WORKAROUNDS, type WorkaroundRow } from '../src/core/boot/workarounds.ts';
import { EXIT, EXIT_SENTENCES } from '../src/cli/exit-codes.ts';
import { EVENT_KINDS } from '../src/core/events/event-kinds.ts';
import { SILENCES } from '../src/core/dhcp/silence.ts';
import { DHCPV6_SILENCES } from '../src/core/dhcpv6/silence.ts';
import { METRICS } from '../src/core/metrics/metrics.ts';
import { environmentName, SETTING_NAMES, SETTINGS } from '../src/core/settings/settings.ts';
import { Options } from '../src/protocols/dhcp/options.ts';
import { type QuirkRow, QUIRKS } from '../src/protocols/tftp/quirks.ts';
import { apiPage } from './api-page.ts';
import { answerVariablesPage } from './answer-variables-page.ts';
import { cliPage, manPageFile } from './cli-page.ts';
import { imagesPage } from './images-page.ts';
import { installLifePage } from './install-life-page.ts';
import { page, table } from './page-parts.ts';
import { routeTable } from './route-table.ts';
import { progressPage } from './progress-page.ts';

/** Every generated page: its name in docs/ and its text. What the web page knows of the contract is one, too. */
export function generatedPages(): Readonly<Record<string, string>> {
  return {
    'settings.md': settingsPage(),
    'muster.schema.json': settingsSchema(),
    'install-life.md': installLifePage(),
    'events.md': eventsPage(),
    'dhcp-options.md': dhcpOptionsPage(),
    'tftp-firmware.md': tftpFirmwarePage(),
    'firmware.md': firmwarePage(),
    'workarounds.md': workaroundsPage(),
    'api.md': apiPage(),
    'images.md': imagesPage(),
    'answer-variables.md': answerVariablesPage(),
    'exit-codes.md': exitCodesPage(),
    'cli.md': cliPage(),
    'muster.1': manPageFile(),
    'metrics.md': metricsPage(),
    'progress-and-logs.md': progressPage(),
    '../ui/src/data/route-table.ts': routeTable(),
  };
}

function settingsPage(): string {
  const rows = SETTING_NAMES.map((name) => [
    `\`${name}\``,
    `\`${environmentName(name)}\``,
    defaultText(name),
    SETTINGS[name].sentence,
  ]);
  return page(
    'Settings',
    'src/core/settings/settings.ts',
    'What Muster needs to start. Everything else (subnets, machines, images, profiles, policy) is data, changed while it runs with the command line or the API.',
    'A flag (`muster up --set NAME=VALUE`) wins over a variable, a variable over `conf.d/*.yaml` (in order of their names), these over `muster.yaml`, that over the default. ' +
      'As root the files are in `/etc/muster`, otherwise in `~/.config/muster`. `muster config show --origin` tells where each value comes from, `muster config check` whether a file is right. ' +
      'Editors that know JSON Schema can use [muster.schema.json](muster.schema.json).',
    table(['setting', 'variable', 'default', 'what it is'], rows),
    '```yaml\ninterfaces: [eth1]\ntftp:\n  root: /srv/tftp\nlog:\n  level: debug\n```',
  );
}

function defaultText(name: (typeof SETTING_NAMES)[number]): string {
  if (name === 'dataFolder') return '`/var/lib/muster` for root, `~/.local/share/muster` for others';
  const value = SETTINGS[name].default;
  if (value === undefined) return 'none';
  if (Array.isArray(value)) return name === 'interfaces' ? '`auto`' : 'none';
  return `\`${String(value)}\``;
}

function settingsSchema(): string {
  const properties: Record<string, unknown> = {};
  for (const name of SETTING_NAMES) {
    const row = { ...SETTINGS[name].schema, description: SETTINGS[name].sentence };
    const [group = '', member] = name.split('.');
    properties[name] = row;
    if (member === undefined) continue;
    const inner = (properties[group] ??= { type: 'object', additionalProperties: false, properties: {} }) as {
      properties: Record<string, unknown>;
    };
    inner.properties[member] = row;
  }
  const schema = {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Muster settings',
    type: 'object',
    additionalProperties: false,
    properties,
  };
  return `${JSON.stringify(schema, undefined, 2)}\n`;
}

function eventsPage(): string {
  const rows = Object.entries(EVENT_KINDS).map(([kind, sentence]) => [`\`${kind}\``, sentence]);
  return page(
    'Events',
    'src/core/events/event-kinds.ts',
    'The timeline is append-only: `muster events -f`, or `GET /api/v1/events/stream`.',
    table(['kind', 'what it tells'], rows),
  );
}

function dhcpOptionsPage(): string {
  const rows = Object.values(Options)
    .toSorted((one, other) => one.code - other.code)
    .map((row) => [
      String(row.code),
      `\`${optionName(row.name)}\`${row.alias === undefined ? '' : `, \`${row.alias}\``}`,
      row.format.kind,
    ]);
  return page(
    'DHCP options',
    'src/protocols/dhcp/options.ts',
    'Names for `muster subnet set NAME --option NAME=VALUE`; an option without a name is given by its number, with its bytes as `0x…`.',
    table(['code', 'name', 'value'], rows),
  );
}

function tftpFirmwarePage(): string {
  const rows = QUIRKS.map((row) => [row.firmware, row.shownBy, changeText(row), row.because, row.source]);
  return page(
    'Firmware that gets less over TFTP than it asks for',
    'src/protocols/tftp/quirks.ts',
    'The timeline names the row that was applied, as `firmware` beside the options that were granted. Where several rows fit, the smallest number counts.',
    table(['firmware', 'recognised by', 'gets at most', 'because', 'source'], rows),
  );
}

function firmwarePage(): string {
  const rows = FIRMWARE.map((row) => [String(row.architecture), row.name, row.over, chainsText(row)]);
  const homes = LOADER_HOMES.flatMap((home) =>
    loaderSets(home).map(([set, { packages, packagesOf, folders }]) => [
      set,
      home.family,
      home.installCommand === 'unpack'
        ? `\`${installCommandOf(home, [set])}\`, from ${packages.join(', ')}${packagesOf === undefined ? '' : ` of ${packagesOf}`}`
        : `\`${[...home.installCommand, ...packages].join(' ')}\``,
      folders.map((folder) => `\`${folder}\``).join(', '),
    ]),
  );
  return page(
    'Firmware and its loaders',
    'src/core/boot/firmware.ts, src/core/boot/loaders.ts and src/core/boot/loader-homes.ts',
    'What each kind of firmware is given first, by its number in option 93 (IANA "Processor Architecture Types"). Of several ways the first is taken of which all files are there; `--loader` of a machine, a profile or a subnet (in this order) wishes for another, and `--filename` of a subnet names a file of your own. `muster explain MACHINE` tells which way was chosen, and why.',
    'iPXE that can fetch over HTTP and start kernels, by what it says in option 175, goes straight to its script, whatever its firmware.',
    table(['option 93', 'firmware', 'fetches over', 'ways, in order'], rows),
    '## Where the loaders come from',
    'Muster brings no loader along. They are in packages of the system it runs on (`muster loaders`), or in the folder that `tftp.root` names, where they win. On the Debian family `muster loaders install` takes them out of these packages into the data folder and installs nothing: the scripts of some would write into the boot menu and the EFI partition of this computer. Packages of another architecture than this computer has come by an apt with lists of its own, so that nothing changes in what can be installed here.',
    table(['set', 'system', 'how to get it', 'folders'], homes),
    table(
      ['file', 'set', 'for'],
      LOADERS.map(({ name, set, purpose }) => [`\`${name}\``, set, purpose]),
    ),
  );
}

function chainsText({ architecture, chains }: FirmwareRow): string {
  if (chains.length === 0) return `none: ${WITHOUT_LOADER.get(architecture) ?? ''}`;
  return chains
    .map(({ name, first, next, disk }) => {
      const files = [first, ...next].map((file) => `\`${file}\``).join(' → ');
      return `${name}: ${disk === undefined ? files : `\`${disk}\` with ${files}`}`;
    })
    .join('; ');
}

function workaroundsPage(): string {
  const testText = (row: WorkaroundRow['test']): string =>
    'boot' in row ? `\`npm run boots -- ${row.boot}\`` : `\`${row.file}\` "${row.words}"`;
  return page(
    'What Muster does for particular clients',
    'src/core/boot/workarounds.ts',
    'Each row fails its test when it is taken away. Where a specification is left for it, [deviations.md](deviations.md) says which; what firmware gets less of over TFTP is in [tftp-firmware.md](tftp-firmware.md).',
    table(
      ['client', 'what it does', 'what Muster does', 'source', 'test'],
      WORKAROUNDS.map((row) => [row.client, row.does, row.muster, row.source, testText(row.test)]),
    ),
  );
}

function changeText({ change }: QuirkRow): string {
  const { maxBlockBytes, maxWindowBlocks } = change;
  return [
    ...(maxBlockBytes === undefined ? [] : [`blksize ${maxBlockBytes}`]),
    ...(maxWindowBlocks === undefined ? [] : [`windowsize ${maxWindowBlocks}`]),
  ].join(', ');
}

function optionName(name: string): string {
  return name
    .toLowerCase()
    .replaceAll(/[^a-z\d]+/g, '-')
    .replaceAll(/^-|-$/g, '');
}

function exitCodesPage(): string {
  const rows = Object.entries(EXIT).map(([name, code]) => [
    String(code),
    EXIT_SENTENCES[name as keyof typeof EXIT],
  ]);
  return page('Exit codes', 'src/cli/exit-codes.ts', table(['code', 'what it means'], rows));
}

function metricsPage(): string {
  const rows = Object.values(METRICS).map(({ name, kind, labels, sentence }) => [
    `\`${name}\``,
    kind,
    labels.map((label) => `\`${label}\``).join(', '),
    sentence,
  ]);
  return page(
    'Metrics',
    'src/core/metrics/metrics.ts',
    `\`GET ${METRICS_PATH}\` on the port of the API (8067) gives these in the text format of Prometheus (0.0.4). Where the API listens on this computer alone, what scrapes it runs there and needs no log-in; on a network it shows a token of a viewer (\`muster token add prometheus\`, \`authorization\` of a scrape configuration):`,
    '```yaml\nscrape_configs:\n  - job_name: muster\n    static_configs:\n      - targets: [127.0.0.1:8067]\n```',
    `\`GET ${HEALTH_PATH}\` answers 200 while the process lives. \`GET ${READY_PATH}\` answers 200 when a machine that is switched on now would be served, otherwise 503 with the reason: the store does not answer, no interface is served, or a protocol that is switched on listens nowhere.`,
    'Label values are words of Muster and names of its configuration, never a MAC address or a file name: what single machines do stands in the timeline. Counters begin at 0 when Muster starts, and a word that was never counted has no line.',
    table(['metric', 'kind', 'labels', 'what it tells'], rows),
    '## Why a DHCP message is passed over',
    table(
      ['`reason`', 'what it means'],
      Object.entries(SILENCES).map(([kind, sentence]) => [`\`${kind}\``, sentence]),
    ),
    '## Why a DHCPv6 message is passed over',
    table(
      ['`reason`', 'what it means'],
      Object.entries(DHCPV6_SILENCES).map(([kind, sentence]) => [`\`${kind}\``, sentence]),
    ),
  );
}
