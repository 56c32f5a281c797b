/**
 * Every command of kickstart and its options, as pykickstart 3.7x knows them for each release (`handlers/*.py` and
 * `commands/*.py` there). A column of a pattern is a release of `KICKSTART_RELEASES`: `+` known, `d` deprecated (it
 * does nothing), `r` removed (it ends the install), `-` not known. An option without a pattern is known wherever its
 * command is.
 */
export const KICKSTART_RELEASES = [
  'EL 5',
  'EL 6',
  'EL 7',
  'EL 8',
  'EL 9',
  'EL 10',
  'Fedora 28',
  'Fedora 34',
  'Fedora 40',
  'Fedora 41',
  'Fedora 42',
  'Fedora 43',
  'Fedora 44',
] as const;

/** A command in each line that begins at the left, its options in the lines below. */
export const KICKSTART_TABLE = `
auth +++++r++rrrrr
authconfig +++++r++rrrrr
authselect ---++++++++++
autopart +++++++++++++
  --backuppassphrase:-++++++++++++ --cipher:-++++++++++++ --encrypted --escrowcert:-++++++++++++
  --fstype:--+++++++++++ --hibernation:-----+--+++++ --hw-passphrase:---------++++
  --luks-version:---+++-++++++ --noboot:---++++++++++ --nohome:--+++++++++++ --nolvm:--+++++++++++
  --noswap:---++++++++++ --passphrase --pbkdf:---+++-++++++ --pbkdf-iterations:---+++-++++++
  --pbkdf-memory:---+++-++++++ --pbkdf-time:---+++-++++++ --type:--+++++++++++
autostep ++++dr+drrrrr
  --autoscreenshot
bootc -----+-----++
  --source-imgref --stateroot --target-imgref
bootloader +++++++++++++
  --append --boot-drive:--+++++++++++ --default:-++++++++++++ --disabled:--+++++++++++ --driveorder
  --extlinux:--+++++++++++ --hvargs:+------------ --iscrypted:-++++++++++++ --lba32:+d-----------
  --leavebootorder:--+++++++++++ --location --md5pass --nombr:--+++++++++++ --password
  --sdboot:-----+--+++++ --timeout:-++++++++++++ --upgrade:+++d--+------
btrfs --+ddr+++++++
  --data --label --metadata --mkfsoptions --name --noformat --parent --subvol --useexisting
cdrom +++++++++++++
clearpart +++++++++++++
  --all --cdl:--+++++++++++ --disklabel:--+++++++++++ --drives --initlabel --linux --list:--+++++++++++
  --none
cmdline +++++++++++++
  --non-interactive:---++++++++++
device +++drrdrrrrrr
  --opts
deviceprobe +++drr+rrrrrr
dmraid +++drrdrrrrrr
  --dev --name
driverdisk +++++++++++++
  --biospart --source --type:dd-----------
eula --+++++++++++
  --accept --accepted --agree --agreed
fcoe -++++++++++++
  --autovlan:--+++++++++++ --dcb --nic
firewall +++++++++++++
  --disable --disabled --enable --enabled --ftp --high:d------------ --http --medium:d------------ --port
  --remove-service:--+++++++++++ --service:-++++++++++++ --smtp --ssh --telnet:+d----------- --trust
  --use-system-defaults:---++++++++++
firstboot +++++++++++++
  --disable --disabled --enable --enabled --reconfig
graphical +++++++++++++
  --non-interactive:---++++++++++
group -++++++++++++
  --gid --name
halt +++++++++++++
  --eject --kexec:---++++++++++
harddrive +++++++++++++
  --biospart:++++--+------ --dir --partition
hmc --+++++++++++
ignoredisk +++++++++++++
  --drives --interactive:-++d--+------ --only-use
install +++drr+rrrrrr
  --root-device:-++---+------
interactive ++-----------
iscsi +++++++++++++
  --iface:-++++++++++++ --ipaddr --password --port --reverse-password:-++++++++++++
  --reverse-user:-++++++++++++ --target --user
iscsiname +++++++++++++
key ++-----------
  --skip
keyboard +++++++++++++
  --switch:--+++++++++++ --vckeymap:--+++++++++++ --xlayouts:--+++++++++++
lang +++++++++++++
  --addsupport:--+++++++++++
langsupport d------------
liveimg --+++++++++++
  --checksum --noverifyssl --proxy --url
logging +++++++++++++
  --host --level:++++d-+d----- --port
logvol +++++++++++++
  --backuppassphrase:-++++++++++++ --bytes-per-inode:+d----------- --cachemode:---++++++++++
  --cachepvs:---++++++++++ --cachesize:---++++++++++ --chunksize:-++++++++++++ --cipher:-++++++++++++
  --encrypted --escrowcert:-++++++++++++ --fsoptions --fsprofile:-++++++++++++ --fstype --grow
  --hibernation:-++++++++++++ --label:--+++++++++++ --luks-version:---+++-++++++ --maxsize
  --metadatasize:-++++++++++++ --mkfsoptions:--+++++++++++ --name --noformat --passphrase
  --pbkdf:---+++-++++++ --pbkdf-iterations:---+++-++++++ --pbkdf-memory:---+++-++++++
  --pbkdf-time:---+++-++++++ --percent --poolname:-++++++++++++ --profile:-++++++++++++ --recommended
  --resize:--+++++++++++ --size --thin:-++++++++++++ --thinpool:-++++++++++++ --useexisting --vgname
mediacheck +++++++++++++
method ++++dr+drrrrr
  --metalink:---++++++++++ --mirrorlist:--+++++++++++ --noverifyssl:-++++++++++++ --proxy:-++++++++++++
  --sslcacert:---+++-++++++ --sslclientcert:---+++-++++++ --sslclientkey:---+++-++++++ --url
module ---++d-++dddd
  --disable --name --stream
monitor +d-----------
  --hsync --monitor --noprobe --vsync
mount ---++++++++++
  --mkfsoptions --mountoptions --reformat
mouse d------------
multipath +++drrdrrrrrr
  --device --name --rule
network +++++++++++++
  --activate:-++++++++++++ --bindto:--+++++++++++ --bondopts:-++++++++++++ --bondslaves:-++++++++++++
  --bootproto --bridgeopts:--+++++++++++ --bridgeslaves:--+++++++++++ --device --dhcpclass --essid --ethtool
  --gateway --hostname --interfacename:--+++++++++++ --ip --ipv4-dns-search:----++--+++++
  --ipv4-ignore-auto-dns:----++--+++++ --ipv6:-++++++++++++ --ipv6-dns-search:----++--+++++
  --ipv6-ignore-auto-dns:----++--+++++ --ipv6gateway:--+++++++++++ --mtu --nameserver --netmask
  --no-activate:--+++++++++++ --nodefroute:-++++++++++++ --nodns --noipv4 --noipv6 --notksdevice --onboot
  --teamconfig:--+++d+++++++ --teamslaves:--+++d+++++++ --vlanid:-++++++++++++ --wepkey
  --wpakey:--+++++++++++
nfs +++++++++++++
  --dir --opts --server
nvdimm --+++r++ddddd
  --blockdevs --mode --namespace --sectorsize
ostreecontainer ----++--+++++
  --no-signature-verification --remote --stateroot --transport --url
ostreesetup --+++++++++++
  --nogpg --osname --ref --remote --url
part +++++++++++++
  --active:+++d--+------ --asprimary --backuppassphrase:-++++++++++++ --bytes-per-inode:+d-----------
  --cipher:-++++++++++++ --encrypted --end:+d----------- --escrowcert:-++++++++++++ --fsoptions
  --fsprofile:-++++++++++++ --fstype --grow --hibernation:-++++++++++++ --hw-passphrase:---------++++
  --label --luks-version:---+++-++++++ --maxsize --mkfsoptions:--+++++++++++ --noformat --onbiosdisk
  --ondisk --ondrive --onpart --passphrase --pbkdf:---+++-++++++ --pbkdf-iterations:---+++-++++++
  --pbkdf-memory:---+++-++++++ --pbkdf-time:---+++-++++++ --recommended --resize:--+++++++++++ --size
  --start:+d----------- --type --usepart
poweroff +++++++++++++
  --eject --kexec:---++++++++++
raid +++++++++++++
  --backuppassphrase:-++++++++++++ --bytes-per-inode:+d----------- --chunksize:--+++++++++++
  --cipher:-++++++++++++ --device --encrypted --escrowcert:-++++++++++++ --fsoptions
  --fsprofile:-++++++++++++ --fstype --label:--+++++++++++ --level --luks-version:---+++-++++++
  --mkfsoptions:--+++++++++++ --noformat --passphrase --pbkdf:---+++-++++++ --pbkdf-iterations:---+++-++++++
  --pbkdf-memory:---+++-++++++ --pbkdf-time:---+++-++++++ --spares --useexisting
rdp -----+-----++
  --password --username
realm --+++++++++++
reboot +++++++++++++
  --eject --kexec:---++++++++++
repo +++++++++++++
  --baseurl --cost:-++++++++++++ --excludepkgs:-++++++++++++ --ignoregroups:-+++d-+d-----
  --includepkgs:-++++++++++++ --install:--+++++++++++ --metalink:---++++++++++ --mirrorlist --name
  --noverifyssl:-++++++++++++ --proxy:-++++++++++++ --sslcacert:---+++-++++++ --sslclientcert:---+++-++++++
  --sslclientkey:---+++-++++++
reqpart --+++++++++++
  --add-boot
rescue -++++++++++++
  --nomount --romount
rhsm ---+++-------
  --activation-key --connect-to-insights --flatpak-registry-url:-----+------- --organization --proxy
  --rhsm-baseurl --server-hostname
rootpw +++++++++++++
  --allow-ssh:----++--+++++ --iscrypted --lock:-++++++++++++ --plaintext:-++++++++++++
selinux +++++++++++++
  --disabled --enforcing --permissive
services +++++++++++++
  --disabled --enabled
shutdown +++++++++++++
  --eject --kexec:---++++++++++
skipx +++++++++++++
snapshot --+++++++++++
  --name --when
sshkey ---++++++++++
  --username
sshpw -++++++++++++
  --iscrypted --lock --plaintext --sshkey:---++++++++++ --username
syspurpose ---+++-------
  --addon --role --sla --usage
text +++++++++++++
  --non-interactive:---++++++++++
timesource ----++-++++++
  --ntp-disable --ntp-pool --ntp-server --nts
timezone +++++++++++++
  --isUtc:+++++-++ddddd --nontp:--+++-++ddddd --ntpservers:--+++-++ddddd --utc
unsupported_hardware -++----------
updates -++++++++++++
upgrade ++d---d------
  --root-device:-+-----------
url +++++++++++++
  --metalink:---++++++++++ --mirrorlist:--+++++++++++ --noverifyssl:-++++++++++++ --proxy:-++++++++++++
  --sslcacert:---+++-++++++ --sslclientcert:---+++-++++++ --sslclientkey:---+++-++++++ --url
user +++++++++++++
  --gecos:-++++++++++++ --gid:--+++++++++++ --groups --homedir --iscrypted --lock:-++++++++++++ --name
  --password --plaintext:-++++++++++++ --shell --uid
vnc +++++d+++++dd
  --connect:+------------ --host --password --port
volgroup +++++++++++++
  --noformat --pesize --reserved-percent:-++++++++++++ --reserved-space:-++++++++++++ --useexisting
xconfig +++++++++++++
  --card:d------------ --defaultdesktop --depth:+d----------- --driver:+d----------- --hsync:d------------
  --monitor:d------------ --noprobe:d------------ --resolution:+d----------- --startxonboot
  --videoram:+d----------- --vsync:d------------
zerombr +++++++++++++
zfcp +++++++++++++
  --devnum --fcplun --scsiid:+d----------- --scsilun:+d----------- --wwpn
zipl ---+++-++++++
  --force-secure-boot --no-secure-boot --secure-boot
`;
