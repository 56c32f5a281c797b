import type { TarEntry } from '../../formats/tar/ustar.ts';
import { ANSWER_FILES } from '../boot/machine-urls.ts';
import type { AnswerKind } from '../images/image.ts';
import { AGAMA_PREPARE_TEMPLATE } from './templates/agama.ts';
import { ALPINE_INSTALL_TEMPLATE } from './templates/alpine.ts';
import { META_DATA_TEMPLATE, VENDOR_DATA_TEMPLATE } from './templates/autoinstall.ts';
import { IGNITION_LIVE_TEMPLATE } from './templates/ignition.ts';

/**
 * A file beside the answer file that an installer of that kind fetches, too, from the same folder. It is Muster's own
 * whatever the profile's template is: what the installer needs to get to its answers, and to report.
 */
export interface SideFile {
  readonly name: string;
  readonly template: string;
  /** `overlay`: an archive for Alpine's live system, in which the text is a script that is run at its start. */
  readonly form: 'text' | 'overlay';
  readonly sentence: string;
}

export const SIDE_FILES: Readonly<Partial<Record<AnswerKind, readonly SideFile[]>>> = {
  autoinstall: [
    {
      name: 'meta-data',
      template: META_DATA_TEMPLATE,
      form: 'text',
      sentence: 'names the machine; cloud-init takes its answers only beside it',
    },
    {
      name: 'vendor-data',
      template: VENDOR_DATA_TEMPLATE,
      form: 'text',
      sentence: 'has nothing in it; cloud-init asks for it',
    },
  ],
  agama: [
    {
      name: 'prepare.sh',
      template: AGAMA_PREPARE_TEMPLATE,
      form: 'text',
      sentence: 'run by Agama first: looks for the disk, and fetches the profile',
    },
  ],
  ignition: [
    {
      name: 'live.ign',
      template: IGNITION_LIVE_TEMPLATE,
      form: 'text',
      sentence: 'the configuration of the live system that installs',
    },
  ],
  alpine: [
    {
      name: 'muster.apkovl.tar.gz',
      template: ALPINE_INSTALL_TEMPLATE,
      form: 'overlay',
      sentence: 'the overlay of the live system, with the script that runs setup-alpine',
    },
  ],
};

export function sideFile(kind: AnswerKind, name: string): SideFile | undefined {
  return SIDE_FILES[kind]?.find((file) => file.name === name);
}

/** The names of all that is rendered for an installer of this kind, its answer file first. */
export function installerFiles(kind: AnswerKind): readonly string[] {
  return [ANSWER_FILES[kind], ...(SIDE_FILES[kind] ?? []).map(({ name }) => name)];
}

/**
 * What is in Alpine's overlay: the script, what has OpenRC run it (local.d), and the mark without which the services
 * that a live system needs would be missing beside an overlay (mkinitfs' init, `.default_boot_services`).
 */
export function overlayEntries(script: string): readonly TarEntry[] {
  return [
    { kind: 'folder', path: 'etc' },
    { kind: 'file', path: 'etc/.default_boot_services', bytes: new Uint8Array(), mode: 0o644 },
    { kind: 'folder', path: 'etc/local.d' },
    {
      kind: 'file',
      path: 'etc/local.d/muster.start',
      bytes: new TextEncoder().encode(script),
      mode: 0o700,
    },
    { kind: 'folder', path: 'etc/runlevels' },
    { kind: 'folder', path: 'etc/runlevels/default' },
    { kind: 'link', path: 'etc/runlevels/default/local', target: '/etc/init.d/local' },
  ];
}
