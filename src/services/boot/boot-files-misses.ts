/**
 * Names that loaders and firmware try before others, so that their absence means nothing. Each was seen on the
 * wire or in the source of the program named.
 */
const TRIED_IN_VAIN: readonly RegExp[] = [
  /(?:^|\/)pxelinux\.cfg\//, //                              pxelinux, U-Boot: the hunt for a configuration
  /(?:^|\/)revocations(?:_sku|_sbat)?\.efi$/i, //            shim 16
  /(?:^|\/)shim_certificate_\d+\.efi$/i, //                  shim 16
  /(?:^|\/)mm(?:x64|aa64|ia32)\.efi$/i, //                   shim: MokManager
  /(?:^|\/)[^/]+-(?:efi|pc)\/(?:command|fs|crypto|terminal)\.lst$/, // GRUB 2
  /(?:^|\/)grub\.cfg-[^/]+$/, //                             GRUB 2: by MAC address, IP address, UUID
  /(?:^|\/)grub\/grub\.cfg$/, //                             GRUB 2
  /(?:^|\/)autoexec\.ipxe$/, //                              iPXE
  /(?:^|\/)boot\.scr(?:\.uimg)?$/, //                        U-Boot
  /(?:^|\/)dtb\//, //                                        U-Boot
  /(?:^|\/)bootsig\.bin$/, //                                Raspberry Pi ROM
  /^(?:[\da-f]{8}|[\da-f]{2}(?:-[\da-f]{2}){5})\/(?:start|config|fixup)[^/]*$/i, // Raspberry Pi: its own folder
  /(?:^|\/)(?:autoboot|bootcfg)\.txt$/, //                   Raspberry Pi 3, 4 and 5: settings that few have
  /(?:^|\/)(?:recovery|recover4)\.elf$/, //                  Raspberry Pi 3 and 4: a rescue system
  /(?:^|\/)recovery[78]?(?:-32)?\.img$/, //                  Raspberry Pi 3 and 4: a rescue system
  /(?:^|\/)(?:pieeprom|vl805)\.(?:sig|upd|bin)$/, //         Raspberry Pi 4 and 5: news for its EEPROM
  /(?:^|\/)(?:dt-blob|armstub8[^/]*)\.bin$/, //              Raspberry Pi 3, 4 and 5
  /(?:^|\/)(?:boot\/isolinux|isolinux|boot\/syslinux|syslinux)\/[^/]+\.c32$/, // pxelinux: where else modules may be
];

/** Whether a loader asks for such a name as a matter of course; it needs no place in the timeline. */
export function isExpectedMiss(path: string): boolean {
  return TRIED_IN_VAIN.some((shape) => shape.test(path));
}
