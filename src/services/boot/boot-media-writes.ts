import type { BootPlan } from '../../core/boot/boot-plan.ts';
import type { MachineHttp } from '../../core/boot/machine-urls.ts';
import { macFileName } from '../../core/boot/script-name.ts';
import { type DiscWrites, decideDiscWrites } from '../../core/images/disc-configs.ts';
import type { Image } from '../../core/images/image.ts';
import type { Machine } from '../../core/machines/machine.ts';
import { GRUB } from '../../core/scripts/grub.ts';
import { PXELINUX } from '../../core/scripts/pxelinux.ts';
import type { Installer } from '../../core/scripts/script-language.ts';
import type { Patch } from '../../lib/patched-source.ts';
import { findDiscConfigs } from '../images/disc-config-files.ts';
import type { Disc } from '../images/open-disc.ts';

export type Found<Value> =
  | ({ readonly found: true } & Value)
  | { readonly found: false; readonly because: string };

export interface PreparedDisc {
  readonly patches: readonly Patch[];
  /** Loaders of the disc that start what they always did. */
  readonly left: readonly string[];
}

interface DiscOfInstall {
  readonly plan: BootPlan & { readonly boot: 'installer' };
  readonly machine: Machine;
  readonly image: Image;
  readonly installer: Installer;
  readonly disc: Disc;
  /** Where the machine reaches this server. */
  readonly server: MachineHttp;
}

/** What is written over the disc of an image, so that its loaders start the installer of one install. */
export async function prepareDisc(wanted: DiscOfInstall): Promise<Found<{ prepared: PreparedDisc }>> {
  const { plan, image, disc } = wanted;
  const files = await findDiscConfigs(disc);
  if (files.length === 0)
    return { found: false, because: `no loader of image ${image.name} has a configuration that is known` };
  let written: DiscWrites;
  try {
    const because = `install ${plan.installId} of profile ${plan.profile}`;
    written = decideDiscWrites(files, textsFor(wanted, because));
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return { found: false, because: error.message };
  }
  const { writes, left } = written;
  if (writes.length === 0) {
    const advice = "shorten the profile's arguments, or boot over the network";
    return {
      found: false,
      because: `the disc has no room for the arguments: ${left.join('; ')}: ${advice}`,
    };
  }
  const patches = writes.flatMap(({ place, path, bytes }) => {
    const file = files.find((one) => one.place === place && one.path === path);
    const neighbours = files.flatMap((one) => (one.place === place ? one.neighbours : []));
    return patchesOf((file ?? neighbours.find((one) => one.path === path))?.extents ?? [], bytes);
  });
  return { found: true, prepared: { patches, left } };
}

function textsFor(
  { machine, image, installer, server }: DiscOfInstall,
  because: string,
): { readonly isolinux: string; readonly grub: string } {
  const [mac] = machine.macs;
  const { address, port: httpPort } = server;
  const { kernel = '', initrds } = image;
  const { arguments: words } = installer;
  const place = { address, httpPort, folder: '', mac, from: 'disc' } as const;
  const bootif = mac === undefined ? '' : ` BOOTIF=${macFileName(mac)}`;
  return {
    // It counts names from its own folder.
    isolinux: PXELINUX.installer(
      {
        kernel: `/${kernel}`,
        initrds: initrds.map((path) => `/${path}`),
        arguments: `${words}${bootif}`.trim(),
      },
      place,
      because,
    ),
    grub: GRUB.installer({ kernel, initrds, arguments: words }, place, because),
  };
}

function patchesOf(
  extents: readonly { readonly offset: number; readonly length: number }[],
  bytes: Uint8Array,
): readonly Patch[] {
  const patches: Patch[] = [];
  let at = 0;
  for (const { offset, length } of extents) {
    patches.push({ offset, bytes: bytes.subarray(at, at + length) });
    at += length;
  }
  return patches;
}
