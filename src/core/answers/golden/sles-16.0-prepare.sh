#!/bin/sh
# web01: run by Agama before its profile; rendered by Muster for this install only.
report() {
  tries=1
  case $1 in finished|failed) tries=60;; esac
  while ! no_proxy=* http_proxy= curl -s -o /dev/null --max-time 20 --data "$2" 'http://192.168.122.1:8080/installs/0123456789abcdef0123456789abcdef'/"$1" 2> /dev/null &&
    ! no_proxy=* http_proxy= wget -q -O /dev/null -T 20 --post-data="$2" 'http://192.168.122.1:8080/installs/0123456789abcdef0123456789abcdef'/"$1" 2> /dev/null; do
    tries=$((tries - 1))
    [ "$tries" -gt 0 ] || break
    sleep 5
  done
}
report started 'step=answer+file'
# Its hardware, as far as it can be told; nothing depends on it.
(no_proxy=* http_proxy= curl -s -f --max-time 20 'http://192.168.122.1:8080/installs/0123456789abcdef0123456789abcdef/facts.sh' || no_proxy=* http_proxy= wget -q -T 20 -O - 'http://192.168.122.1:8080/installs/0123456789abcdef0123456789abcdef/facts.sh') 2> /dev/null | sh > /dev/null 2>&1
udevadm settle
disk=$(readlink -f '/dev/disk/by-id/virtio-0001' | sed 's,^/dev/,,')
if [ ! -b "/dev/$disk" ] || [ ! -e "/sys/block/$(echo "$disk" | tr / !)" ]; then
  report failed 'step=disk&message=There+is+no+disk+disk%2Fby-id%2Fvirtio-0001+in+this+machine%3A+correct+its+variable+disk'
  echo 'Muster: There is no disk disk/by-id/virtio-0001 in this machine: correct its variable disk' > /dev/console
  while :; do sleep 60; done
fi
report progress "step=disk+$disk"
# The product's name differs by release: of those on this medium, the one that its title tells, or the first.
product=
for file in /usr/share/agama/products.d/*.yaml; do
  id=$(sed -n "s/^id: *['\"]\{0,1\}\([A-Za-z0-9_.-]*\).*/\1/p" "$file" | head -n 1)
  case $id in
    SLES) product=$id; break;;
    ?*) [ "$product" ] || product=$id;;
  esac
done
card=
for path in /sys/class/net/*; do
  [ -e "$path/device" ] && [ "$(cat "$path/address")" = '52:54:00:ab:cd:ef' ] || continue
  card=$(basename "$path")
  break
done
if [ -z "$card" ]; then
  report failed 'step=network&message=There+is+no+network+card+52%3A54%3A00%3Aab%3Acd%3Aef+in+this+machine%3A+correct+its+variable+interface'
  echo 'Muster: There is no network card 52:54:00:ab:cd:ef in this machine: correct its variable interface' > /dev/console
  while :; do sleep 60; done
fi
mkdir -p /run/muster
while ! no_proxy=* http_proxy= curl -s -S -f --max-time 60 -o /run/muster/template.json 'http://192.168.122.1:8080/installs/0123456789abcdef0123456789abcdef/agama'; do sleep 5; done
sed "s,@MUSTER_DISK@,/dev/$disk,g; s,@MUSTER_PRODUCT@,$product,g; s,@MUSTER_CARD@,$card,g" /run/muster/template.json > /run/muster/profile.json
cat > /run/muster/watch << 'WATCH'
#!/bin/sh
report() {
  tries=1
  case $1 in finished|failed) tries=60;; esac
  while ! no_proxy=* http_proxy= curl -s -o /dev/null --max-time 20 --data "$2" 'http://192.168.122.1:8080/installs/0123456789abcdef0123456789abcdef'/"$1" 2> /dev/null &&
    ! no_proxy=* http_proxy= wget -q -O /dev/null -T 20 --post-data="$2" 'http://192.168.122.1:8080/installs/0123456789abcdef0123456789abcdef'/"$1" 2> /dev/null; do
    tries=$((tries - 1))
    [ "$tries" -gt 0 ] || break
    sleep 5
  done
}
while ! systemctl is-failed --quiet agama-autoinstall.service agama-auto.service; do
  sleep 10
  journalctl -q --no-pager -o cat --cursor-file=/run/muster/cursor -u 'agama*' | head -c 500000 |
    no_proxy=* http_proxy= curl -s -o /dev/null --max-time 60 --data-binary @- 'http://192.168.122.1:8080/installs/0123456789abcdef0123456789abcdef'/log
done
report failed 'step=installer&message=The+installer+stopped:+its+journal+is+in+the+live+system'
WATCH
systemd-run --unit=muster-watch sh /run/muster/watch
exit 0
