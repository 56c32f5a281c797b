/**
 * Brings a checkout to where it can run: Node's version, npm packages, Debian packages. Plain JavaScript without
 * dependencies, since it runs before anything is installed. Says what it does before it does it.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const projectFolder = dirname(dirname(fileURLToPath(import.meta.url)));

/**
 * Debian packages, what each is for, and a file that shows it is there. Only programs: none brings a service that
 * would start and touch this computer's network, as `dhcpcd` or `network-manager` would.
 */
export const SYSTEM_PACKAGES = {
  serve: [
    {
      name: 'pxelinux',
      file: '/usr/lib/PXELINUX/pxelinux.0',
      purpose: 'the boot loader that BIOS machines fetch',
    },
    { name: 'syslinux-common', file: '/usr/lib/syslinux/modules/bios/ldlinux.c32', purpose: 'its modules' },
  ],
  machine: [
    { name: 'qemu-system-x86', file: '/usr/bin/qemu-system-x86_64', purpose: 'virtual machines' },
    { name: 'seabios', file: '/usr/share/seabios/bios-256k.bin', purpose: 'their BIOS' },
    { name: 'ipxe-qemu', file: '/usr/lib/ipxe/qemu/efi-virtio.rom', purpose: 'their network boot ROM' },
    { name: 'iproute2', file: '/usr/sbin/ip', alternative: '/sbin/ip', purpose: 'private networks' },
    {
      name: 'extlinux',
      file: '/usr/bin/extlinux',
      purpose: 'the boot loader of the disk that the small installer writes',
    },
    {
      name: 'busybox',
      file: '/bin/busybox',
      alternative: '/usr/bin/busybox',
      purpose: 'the tools of the small installer',
    },
  ],
  torture: [
    {
      name: 'faketime',
      file: '/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1',
      alternative: '/usr/lib/aarch64-linux-gnu/faketime/libfaketimeMT.so.1',
      purpose: 'a clock that can be set for one program',
    },
  ],
  clients: [
    {
      name: 'isc-dhcp-client',
      file: '/sbin/dhclient',
      alternative: '/usr/sbin/dhclient',
      purpose: 'a real DHCP client',
    },
    { name: 'udhcpc', file: '/sbin/udhcpc', alternative: '/usr/sbin/udhcpc', purpose: 'a real DHCP client' },
    {
      name: 'dhcpcd-base',
      file: '/sbin/dhcpcd',
      alternative: '/usr/sbin/dhcpcd',
      purpose: 'a real DHCP client',
    },
    {
      name: 'systemd',
      file: '/lib/systemd/systemd-networkd',
      alternative: '/usr/lib/systemd/systemd-networkd',
      purpose: 'a real DHCP client',
    },
    { name: 'nmap', file: '/usr/bin/nmap', purpose: 'asking DHCP servers what they give' },
    {
      name: 'python3-prometheus-client',
      file: '/usr/lib/python3/dist-packages/prometheus_client/parser.py',
      purpose: 'reading our metrics as Prometheus does',
    },
    {
      name: 'cpio',
      file: '/bin/cpio',
      alternative: '/usr/bin/cpio',
      purpose: 'reading back the archives we write',
    },
    { name: 'tftp-hpa', file: '/usr/bin/tftp', purpose: 'a real TFTP client' },
    { name: 'atftp', file: '/usr/bin/atftp', purpose: 'a real TFTP client' },
    { name: 'curl', file: '/usr/bin/curl', purpose: 'a real HTTP and TFTP client' },
    { name: 'whois', file: '/usr/bin/mkpasswd', purpose: 'hashing passwords by libcrypt' },
    {
      name: 'dnsmasq-base',
      file: '/usr/sbin/dnsmasq',
      purpose: 'another DHCP server to find, and an IPv6 router',
    },
    {
      name: 'ndisc6',
      file: '/usr/bin/rdisc6',
      alternative: '/bin/rdisc6',
      purpose: 'looking for IPv6 routers',
    },
    { name: 'ipmitool', file: '/usr/bin/ipmitool', purpose: 'machines that are switched by IPMI' },
    { name: 'openipmi', file: '/usr/bin/ipmi_sim', purpose: 'a BMC that speaks IPMI' },
    {
      name: 'python3-sushy',
      file: '/usr/lib/python3/dist-packages/sushy/__init__.py',
      purpose: 'a real Redfish client',
    },
    {
      name: 'openssl',
      file: '/usr/bin/openssl',
      purpose: 'certificates, signatures and hashes of passwords',
    },
    { name: 'socat', file: '/usr/bin/socat', purpose: 'reading sockets' },
    { name: 'bsdutils', file: '/usr/bin/script', purpose: 'terminals that are typed into' },
    { name: 'zsh', file: '/usr/bin/zsh', alternative: '/bin/zsh', purpose: 'a shell that completes' },
    { name: 'fish', file: '/usr/bin/fish', purpose: 'a shell that completes' },
    { name: 'man-db', file: '/usr/bin/man', purpose: 'reading the man page' },
    { name: 'groff', file: '/usr/bin/groff', purpose: 'the same' },
    { name: 'mandoc', file: '/usr/bin/mandoc', purpose: 'what is wrong with the man page' },
    {
      name: 'tcpdump',
      file: '/usr/bin/tcpdump',
      alternative: '/usr/sbin/tcpdump',
      purpose: 'captures of what failed',
    },
    {
      name: 'ovmf',
      file: '/usr/share/OVMF/OVMF_CODE_4M.fd',
      purpose: 'the UEFI firmware of virtual machines',
    },
    {
      name: 'qemu-block-extra',
      file: '/usr/lib/x86_64-linux-gnu/qemu/block-curl.so',
      alternative: '/usr/lib/qemu/block-curl.so',
      purpose: "virtual machines that read a disc over HTTP, as a BMC's drive does",
    },
    { name: 'debconf', file: '/usr/bin/debconf-set-selections', purpose: 'checking preseed files' },
    { name: 'libxml2-utils', file: '/usr/bin/xmllint', purpose: 'checking answer files in XML' },
    {
      name: 'python3',
      file: '/usr/bin/python3',
      purpose: 'checking answer files in TOML, and scripts in Python',
    },
    {
      name: 'python3-yaml',
      file: '/usr/lib/python3/dist-packages/yaml/__init__.py',
      purpose: "cloud-init's check of its files",
    },
    {
      name: 'python3-jsonschema',
      file: '/usr/lib/python3/dist-packages/jsonschema/__init__.py',
      purpose: 'the same',
    },
    {
      name: 'python3-configobj',
      file: '/usr/lib/python3/dist-packages/configobj/__init__.py',
      alternative: '/usr/lib/python3/dist-packages/configobj.py',
      purpose: 'the same',
    },
    {
      name: 'python3-jinja2',
      file: '/usr/lib/python3/dist-packages/jinja2/__init__.py',
      purpose: 'the same',
    },
    {
      name: 'python3-jsonpatch',
      file: '/usr/lib/python3/dist-packages/jsonpatch.py',
      purpose: 'the same',
    },
    {
      name: 'busybox',
      file: '/bin/busybox',
      alternative: '/usr/bin/busybox',
      purpose: 'reading scripts as installers do',
    },
    {
      name: 'mount',
      file: '/usr/sbin/losetup',
      alternative: '/sbin/losetup',
      purpose: 'block devices that the wiping of a disk is tried on',
    },
    {
      name: 'shellcheck',
      file: '/usr/bin/shellcheck',
      purpose: 'what is wrong with scripts that can be read',
    },
    {
      name: 'python3-requests',
      file: '/usr/lib/python3/dist-packages/requests/__init__.py',
      purpose: 'the same',
    },
    { name: 'wget', file: '/usr/bin/wget', purpose: 'a real HTTP and FTP client' },
    { name: 'bsdutils', file: '/usr/bin/logger', purpose: 'a real syslog client' },
    { name: 'dpkg-dev', file: '/usr/bin/dpkg-scanpackages', purpose: 'repositories of Debian to mirror' },
    { name: 'xz-utils', file: '/usr/bin/xz', purpose: 'lists of packages that are packed as archives do' },
    { name: 'zstd', file: '/usr/bin/zstd', purpose: 'the same' },
    { name: 'bzip2', file: '/usr/bin/bzip2', alternative: '/bin/bzip2', purpose: 'the same' },
    { name: 'dnf', file: '/usr/bin/dnf', purpose: 'a real client of RPM repositories' },
    {
      name: 'zypper',
      file: '/usr/bin/zypper',
      purpose: 'a real client of RPM repositories, as SUSE has them',
    },
    { name: 'createrepo-c', file: '/usr/bin/createrepo_c', purpose: 'RPM repositories to mirror' },
    { name: 'rpm', file: '/usr/bin/rpmbuild', purpose: 'packages to put in them' },
    { name: 'gpg', file: '/usr/bin/gpg', purpose: 'signing them' },
    { name: 'lftp', file: '/usr/bin/lftp', purpose: 'a real FTP client' },
    { name: 'libnfs-utils', file: '/usr/bin/nfs-ls', purpose: 'a real NFS client' },
    { name: 'xorriso', file: '/usr/bin/xorriso', purpose: 'discs to read, and reading them as others do' },
    { name: 'genisoimage', file: '/usr/bin/genisoimage', purpose: 'discs to read' },
    {
      name: 'udftools',
      file: '/usr/sbin/mkudffs',
      alternative: '/usr/bin/mkudffs',
      purpose: 'discs to read',
    },
    { name: 'mtools', file: '/usr/bin/mcopy', purpose: 'writing into FAT volumes' },
    {
      name: 'dosfstools',
      file: '/usr/sbin/mkfs.vfat',
      alternative: '/sbin/mkfs.vfat',
      purpose: 'FAT volumes to read',
    },
  ],
  browser: [
    { name: 'chromium', file: '/usr/bin/chromium', purpose: 'opening the web page' },
    {
      name: 'fonts-dejavu-core',
      file: '/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf',
      purpose: 'its letters',
    },
    {
      name: 'fonts-wqy-microhei',
      file: '/usr/share/fonts/truetype/wqy/wqy-microhei.ttc',
      purpose: 'its letters in Chinese',
    },
  ],
  // The signed boot loaders for UEFI are only unpacked, by src/lab/unpacked-packages.ts: where shim-signed is
  // installed its scripts write to this computer's own boot partition.
  // The servers to compare with are only unpacked, by bench/peer-packages.ts: installed ones would start services.
  bench: [
    { name: 'xorriso', file: '/usr/bin/xorriso', purpose: 'discs to read, and reading them beside us' },
    { name: 'curl', file: '/usr/bin/curl', purpose: 'comparing what comes over HTTP and FTP' },
    { name: 'libnfs-utils', file: '/usr/bin/nfs-cat', purpose: 'comparing what comes over NFS' },
    { name: 'iproute2', file: '/usr/sbin/ip', alternative: '/sbin/ip', purpose: 'private networks' },
    {
      name: 'util-linux',
      file: '/usr/bin/nsenter',
      purpose: 'namespaces, and binding programs to processors',
    },
  ],
};

/** @param {string} text */
export function say(text) {
  process.stderr.write(`${text}\n`);
}

/** @param {readonly string[]} command */
function run(command) {
  const [program = '', ...args] = command;
  const result = spawnSync(program, args, {
    cwd: projectFolder,
    stdio: ['ignore', 2, 2],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
  return result.status ?? 1;
}

/** Ends the program with one clear line where Node is too old. */
export function requireNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  say(
    `Muster needs Node 20.19 or newer; this is ${process.versions.node}. Install a newer one from nodejs.org or your system's packages.`,
  );
  process.exit(1);
}

/** npm packages as the lock file has them; again only after it changed. */
export function installNpmPackages() {
  const stamp = join(projectFolder, 'node_modules/.muster-lock');
  const lock = createHash('sha256')
    .update(readFileSync(join(projectFolder, 'package-lock.json')))
    .digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return;
  say('Setting up: npm ci (JavaScript packages, as package-lock.json has them)');
  if (run(['npm', 'ci', '--no-audit', '--no-fund', '--loglevel=error']) !== 0) {
    say('npm ci failed: its words are above. Is the npm registry reachable?');
    process.exit(1);
  }
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, lock);
}

/**
 * Installs what is missing of these groups, where that may be done: as root on a system with apt.
 * @param {readonly (keyof typeof SYSTEM_PACKAGES)[]} groups
 * @returns {readonly { name: string, purpose: string }[]} what is still missing
 */
export function installSystemPackages(groups) {
  const wanted = groups.flatMap((group) => SYSTEM_PACKAGES[group]);
  const missing = () =>
    wanted.filter(
      ({ file, alternative }) => !existsSync(file) && !(alternative !== undefined && existsSync(alternative)),
    );
  const before = missing();
  if (before.length === 0) return [];
  const names = before.map(({ name }) => name);
  if (process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    say(`Setting up: apt-get install ${names.join(' ')}`);
    for (const { name, purpose } of before) say(`  ${name}: ${purpose}`);
    run(['apt-get', 'update', '-qq']);
    const install = ['apt-get', 'install', '-y', '-qq', '--no-install-recommends'];
    // apt takes all or none, and an older system may not know one of them.
    if (run([...install, ...names]) !== 0) for (const name of names) run([...install, name]);
    return missing();
  }
  return before;
}

/**
 * @param {readonly { name: string, purpose: string }[]} missing
 * @param {string} consequence
 */
export function sayMissing(missing, consequence) {
  if (missing.length === 0) return;
  say(`Missing: ${missing.map(({ name, purpose }) => `${name} (${purpose})`).join(', ')}`);
  say(`  ${consequence}`);
  say(`  On Debian or Ubuntu: sudo apt-get install ${missing.map(({ name }) => name).join(' ')}`);
}
