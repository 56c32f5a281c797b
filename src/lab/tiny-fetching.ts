/**
 * How the small installer gets its files: by HTTP or FTP, or with the kernel's own NFS client. Places are written as
 * anaconda takes them: `http://…`, `ftp://…`, `nfs:SERVER:/PATH`. It is a part of `/init`, before which `say`, `fail` and
 * `argument` stand.
 */
export const TINY_FETCHING = `# mount_nfs SERVER:/PATH FOLDER tcp|udp: by which of these the kernel asks for the mount; the files come over TCP, since
# kernels as Debian builds them have no NFS over UDP.
mount_nfs() {
  for module in $(cat /lib/modules.nfs); do
    [ -d "/sys/module/$module" ] || insmod "/lib/modules/$module.ko" || say "module $module was refused"
  done
  mkdir -p "$2"
  for try in 1 2 3; do
    mount -t nfs -o "ro,nolock,vers=3,proto=tcp,mountproto=$3,addr=\${1%%:*}" "$1" "$2" && return 0
    sleep 1
  done
  return 1
}

# fetch PLACE FILE: a server that is busy is asked again.
fetch() {
  case $1 in
    nfs:*)
      place=\${1#nfs:}
      mount_nfs "\${place%/*}" /answer tcp && cp "/answer/\${place##*/}" "$2" && umount /answer
      return
      ;;
  esac
  for try in 1 2 3 4 5; do
    wget -q -O "$2" "$1" && return 0
    sleep 1
  done
  return 1
}

# The place of the tree as the answer file has it.
answered_tree() {
  url=$(sed -n 's/^url.*--url[= ]"\\{0,1\\}\\([^" ]*\\).*/\\1/p' /tmp/answers | head -n 1)
  [ -n "$url" ] || url=$(sed -n 's/^nfs.*--server[= ]\\([^ ]*\\).*--dir[= ]\\([^ ]*\\).*/nfs:\\1:\\2/p' /tmp/answers | head -n 1)
  echo "$url"
}

# Mounts the tree where it is on NFS, the second time in the other way that mounts are asked for.
open_tree() {
  case $tree in nfs:*) ;; *) return ;; esac
  for by in udp tcp; do
    umount /tree 2>/dev/null
    mount_nfs "\${tree#nfs:}" /tree $by || fail "$tree could not be mounted (asked for by $by)"
    say "MOUNTED by $by: $(grep ' /tree ' /proc/mounts)"
  done
}

# from_tree PATH FILE
from_tree() {
  case $tree in
    nfs:*) cp "/tree/$1" "$2" ;;
    *) fetch "$tree/$1" "$2" ;;
  esac
}

close_tree() {
  case $tree in nfs:*) umount /tree || fail "$tree could not be unmounted" ;; esac
}

# Everything in the tree that is mounted.
tell_sums() {
  (cd /tree && find . -type f -exec sha256sum {} +) | sed 's|  \\./|  |' | while read -r line; do
    say "SUM $place $line"
  done
  (cd /tree && find . -type l) | while read -r file; do
    say "LINK $place \${file#./} -> $(readlink "/tree/$file")"
  done
}`;
