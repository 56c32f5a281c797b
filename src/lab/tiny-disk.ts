/**
 * The part of the tiny distribution's `/init` that writes the disk: a partition table, a file system, the kernel with
 * its initrd, and the boot loader of the firmware that runs. Its steps are reported as an installer's are.
 */
export const TINY_DISK = `# ---- disk
STEP=disk
disk=/dev/vda
[ -b $disk ] || fail "there is no disk $disk"
report progress "$STEP" 65 "$disk"
# 0c is FAT32, ef the system partition of UEFI; a BIOS starts the active one.
type=c
[ $firmware = UEFI ] && type=ef
printf 'o\\nn\\np\\n1\\n2048\\n\\nt\\n%s\\na\\n1\\nw\\n' $type | fdisk $disk >/tmp/fdisk.log 2>&1
tries=0
while [ ! -b \${disk}1 ] && [ $tries -lt 30 ]; do sleep 0.1; tries=$((tries + 1)); done
[ -b \${disk}1 ] || { cat /tmp/fdisk.log; fail "the partition table could not be written"; }

STEP="base system"
report progress "$STEP" 75 "\${disk}1"
mkdosfs -n TINY \${disk}1 >/dev/null || fail "the file system could not be made"
mount -t vfat \${disk}1 /target || fail "the file system could not be mounted"

report progress "$STEP" 85 "copying the system"
cp /tmp/vmlinuz /tmp/initrd.img /target/ || fail "the system could not be copied"
# Words of anaconda: what it says of packages is in its log alone.
log anaconda 'packaging: Installing base-1.0-1.x86_64 (1/2)'
log anaconda 'packaging: Installing tools-1.0-1.x86_64 (2/2)'
# The log goes another way than reports, and shall be there first.
sleep 1
console=$(argument console || echo ttyS0,115200)
arguments="console=$console quiet tiny.installed=1 tiny.report=$REPORT tiny.then=$(argument tiny.then)"

STEP="boot loader"
report progress "$STEP" 95 ""
if [ $firmware = UEFI ]; then
  # The firmware starts EFI/BOOT/BOOT$CPU.EFI of any disk; the signed GRUB looks for its words in EFI/debian.
  mkdir -p /target/EFI/BOOT /target/EFI/debian || fail "the folders of the boot loader could not be made"
  cp /tmp/shim.efi /target/EFI/BOOT/BOOT$CPU.EFI &&
    cp /tmp/shim.efi /target/EFI/debian/shim$cpu.efi &&
    cp /tmp/grub.efi /target/EFI/BOOT/grub$cpu.efi &&
    cp /tmp/grub.efi /target/EFI/debian/grub$cpu.efi || fail "the boot loader could not be copied"
  cat >/target/EFI/debian/grub.cfg <<END
linux /vmlinuz $arguments
initrd /initrd.img
boot
END
else
  # U-Boot reads the same file, from a folder of that name.
  [ $firmware = U-Boot ] && folder=/target/extlinux || folder=/target
  mkdir -p $folder
  cat >$folder/extlinux.conf <<END
default tiny
prompt 0
label tiny
  kernel /vmlinuz
  initrd /initrd.img
  append $arguments
END
fi
if [ $firmware = BIOS ]; then
  extlinux --install /target >/tmp/extlinux.log 2>&1 || { cat /tmp/extlinux.log; fail "extlinux refused"; }
  dd if=/lib/mbr.bin of=$disk bs=440 count=1 conv=notrunc 2>/dev/null || fail "the first sector could not be written"
fi
STEP=finishing
report progress "$STEP" 97 ""
umount /target
sync
say "DISK $disk written"
report finished installed 100 ""`;
