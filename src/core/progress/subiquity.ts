import { type ProgressHint, ProgressReader, type ProgressRow } from './progress-reader.ts';

/**
 * Names of what subiquity and curtin report (`start` events), below `subiquity/Install/install/` or, from MAAS and others
 * that run curtin alone, `cmd-install/`. The description is in English.
 */
export const SUBIQUITY_WORDS: readonly ProgressRow[] = [
  {
    says: /\/stage-partitioning\b|\/curtin_install\/(?:partitioning|formatting)|\/run_curtin_step\b.*partitioning/,
    step: 'disk',
  },
  { says: /\/stage-(?:extract|swap)\b/, step: 'base system' },
  {
    says: /\/(?<doing>installing-kernel|installing-missing-packages|writing-apt-config|system-upgrade)\b/,
    step: 'packages',
    part: 0.4,
  },
  {
    says: /\/(?<doing>install-grub|install-extlinux|install-zipl|configuring-bootloader)\b/,
    step: 'boot loader',
  },
  { says: /\/stage-curthooks\b/, step: 'packages' },
  {
    says: /\/stage-(?:hook|late)\b|\/postinstall\/(?!install_|run_unattended|copy_logs)/,
    step: 'configuration',
  },
  {
    says: /\/postinstall\/(?<doing>install_[\w.+-]+|run_unattended_upgrades)/,
    step: 'configuration',
    part: 0.3,
  },
  { says: /subiquity\/Late\/run\b/, step: 'configuration', part: 0.6 },
  {
    says: /subiquity\/Shutdown\/(?:copy_logs_to_target|shutdown)\b|\/postinstall\/copy_logs/,
    step: 'finishing',
  },
  { says: /subiquity\/(?:Network|Mirror|Refresh|Keyboard|Early|Source)\//, step: 'installer' },
  {
    says: /subiquity\/(?:core_validation|apply_autoinstall_config|Meta|Reporting|load_autoinstall_config)\b/,
    step: 'answer file',
  },
];

/** What cloud-init's, curtin's and subiquity's webhook posts, as far as it is of use here. */
export interface ReportingEvent {
  readonly name: string;
  readonly description: string;
  readonly type: string;
  readonly result?: string;
}

/** Of an event; undefined where it shows no step. What ends shows none: the next that begins does. */
export function progressOfReporting(event: ReportingEvent): ProgressHint | undefined {
  if (event.type !== 'start') return undefined;
  const hint = new ProgressReader(SUBIQUITY_WORDS).read({ text: event.name });
  return (
    hint && { ...hint, doing: event.description === '' ? (hint.doing ?? event.name) : event.description }
  );
}

/** One line for the log of the install. */
export function reportingLine({ name, description, type, result }: ReportingEvent): string {
  const words = [`${type}: ${name}`, result, description].filter((one) => one !== undefined && one !== '');
  return words.join(': ');
}

/** Names of events that mean the end of the whole install when they fail. */
const WHOLE_INSTALL = /^subiquity\/Install\/install$|^cmd-install$/;

/** Why the install failed, where this event says that it did. */
export function failureOfReporting({ name, description, type, result }: ReportingEvent): string | undefined {
  if (type !== 'finish' || result !== 'FAIL' || !WHOLE_INSTALL.test(name)) return undefined;
  return description === '' ? `${name} failed` : `${name} failed: ${description}`;
}
