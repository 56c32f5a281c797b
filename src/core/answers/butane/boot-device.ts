import { type Json, type JsonObject, listOf, objectOf } from './json.ts';

/**
 * Partitions of the image of Fedora CoreOS, which a mirrored disk must have again: their sizes and types are those that
 * coreos-assembler's create_disk.sh writes, and Butane's.
 */
const RESERVED = { label: 'reserved', sizeMiB: 1, typeGuid: '8DA63339-0007-60C0-C436-083AC8230908' };
const BIOS = { label: 'bios', sizeMiB: 1, typeGuid: '21686148-6449-6E6F-744E-656564454649' };
const PREP = { label: 'prep', sizeMiB: 4, typeGuid: '9E1A2D38-C612-4316-AA26-8B49521E5A8B' };
const ESP = { label: 'esp', sizeMiB: 127, typeGuid: 'C12A7328-F81F-11D2-BA4B-00A0C93EC93B' };
const BOOT = { label: 'boot', sizeMiB: 384 };
const ROOT = { label: 'root' };

/** The first two partitions, by layout. */
const LAYOUTS = {
  x86_64: [BIOS, ESP],
  aarch64: [RESERVED, ESP],
  ppc64le: [PREP, RESERVED],
} as const;

/** What `boot_device` asks for as Ignition's storage, or why it cannot be. */
export function bootDevice(
  given: JsonObject,
):
  | { readonly made: true; readonly storage: JsonObject }
  | { readonly made: false; readonly because: string } {
  const luks = objectOf(given['luks']);
  const devices = listOf(objectOf(given['mirror'])['devices']).map(String);
  const wantsLuks = luks['tpm2'] === true || listOf(luks['tang']).length > 0;
  const layout = given['layout'] ?? 'x86_64';
  if (objectOf(luks['cex'])['enabled'] === true || luks['device'] !== undefined) {
    return { made: false, because: 'boot_device.luks of s390x (cex, device) is not translated' };
  }
  if (layout !== 'x86_64' && layout !== 'aarch64' && layout !== 'ppc64le') {
    return { made: false, because: 'boot_device.layout must be x86_64, aarch64 or ppc64le' };
  }
  if (devices.length === 1) {
    return { made: false, because: 'boot_device.mirror needs two disks or more' };
  }
  if (Object.keys(luks).length > 0 && !wantsLuks) {
    return { made: false, because: 'boot_device.luks needs tang or tpm2, which unlock the disk' };
  }
  if (!wantsLuks && devices.length === 0) return { made: true, storage: {} };
  const mirror = devices.length > 0 ? mirrored(devices, LAYOUTS[layout]) : undefined;
  const below = mirror ? '/dev/md/md-root' : '/dev/disk/by-partlabel/root';
  const root = {
    device: wantsLuks ? '/dev/mapper/root' : below,
    format: 'xfs',
    label: 'root',
    wipeFilesystem: true,
  };
  return {
    made: true,
    storage: {
      ...(mirror ? { disks: mirror.disks, raid: mirror.raid } : {}),
      filesystems: [...(mirror?.filesystems ?? []), root],
      ...(wantsLuks ? { luks: [volume(luks, below)] } : {}),
    },
  };
}

function volume({ discard, tang, tpm2, threshold }: JsonObject, device: string): JsonObject {
  return {
    name: 'root',
    label: 'luks-root',
    device,
    wipeVolume: true,
    ...(discard === undefined ? {} : { discard }),
    clevis: {
      ...(tang === undefined ? {} : { tang }),
      ...(threshold === undefined ? {} : { threshold }),
      ...(tpm2 === undefined ? {} : { tpm2 }),
    },
  };
}

function mirrored(
  devices: readonly string[],
  layout: (typeof LAYOUTS)[keyof typeof LAYOUTS],
): { readonly disks: Json; readonly raid: Json; readonly filesystems: readonly Json[] } {
  const numbered = (label: string, index: number): string => `${label}-${index + 1}`;
  const partsOf = (label: string): readonly string[] =>
    devices.map((_, index) => `/dev/disk/by-partlabel/${numbered(label, index)}`);
  const hasEsp = layout.some(({ label }) => label === 'esp');
  return {
    disks: devices.map((device, index) => ({
      device,
      wipeTable: true,
      partitions: [...layout, BOOT, ROOT].map((part) => ({ ...part, label: numbered(part.label, index) })),
    })),
    raid: [
      // With its mark at the end of the partition, where GRUB of the BIOS need not understand it.
      { name: 'md-boot', level: 'raid1', devices: partsOf('boot'), options: ['--metadata=1.0'] },
      { name: 'md-root', level: 'raid1', devices: partsOf('root') },
    ],
    filesystems: [
      ...(hasEsp
        ? devices.map((_, index) => ({
            device: `/dev/disk/by-partlabel/${numbered('esp', index)}`,
            format: 'vfat',
            label: numbered('esp', index),
            wipeFilesystem: true,
          }))
        : []),
      { device: '/dev/md/md-boot', format: 'ext4', label: 'boot', wipeFilesystem: true },
    ],
  };
}
