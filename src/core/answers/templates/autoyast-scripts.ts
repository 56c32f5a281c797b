/**
 * The scripts of the AutoYaST profile, by the macros that stand before it: one before YaST looks at the disks, two that
 * only report, and one in the installed system once its boot loader is written.
 */
export const AUTOYAST_SCRIPTS = String.raw`  <scripts>
    <pre-scripts config:type="list">
      <script>
        <filename>muster-disk</filename>
        <interpreter>shell</interpreter>
        <source><![CDATA[
{{ cdata(report_function()) -}}
report started 'step=answer+file'
{{ cdata(tell_facts()) -}}
{{ cdata(choose_disk()) -}}
sed "s,@MUSTER_DISK@,/dev/$disk,g" /tmp/profile/autoinst.xml > /tmp/profile/modified.xml
]]></source>
      </script>
    </pre-scripts>
    <postpartitioning-scripts config:type="list">
      <script>
        <filename>muster-packages</filename>
        <interpreter>shell</interpreter>
        <source><![CDATA[
{{ cdata(report_function()) -}}
report progress 'step=packages'
]]></source>
      </script>
    </postpartitioning-scripts>
    <chroot-scripts config:type="list">
      <script>
        <filename>muster-configuration</filename>
        <chrooted config:type="boolean">false</chrooted>
        <interpreter>shell</interpreter>
        <source><![CDATA[
{{ cdata(report_function()) -}}
report progress 'step=configuration'
]]></source>
      </script>
      <script>
        <filename>muster-finish</filename>
        <chrooted config:type="boolean">true</chrooted>
        <interpreter>shell</interpreter>
        <source><![CDATA[
{{ cdata(report_function()) -}}
report progress 'step=finishing'
printf 'KEYMAP=%s\n' {{ cdata(keyboard | sh) }} > /etc/vconsole.conf
systemctl enable sshd
{% if ntp_servers %}
{% if image.major == 12 %}
{% for server in ntp_servers %}
echo server {{ cdata(server | sh) }} iburst >> /etc/ntp.conf
{% endfor %}
systemctl enable ntpd
{% else %}
{% for server in ntp_servers %}
echo server {{ cdata(server | sh) }} iburst >> /etc/chrony.d/muster.conf
{% endfor %}
systemctl enable chronyd
{% endif %}
{% endif %}
{% if user %}
groupadd -f -r wheel
usermod -a -G wheel {{ user | sh }}
# SUSE's sudo asks for root's password, which may be locked.
(umask 227; printf '%s\n' 'Defaults:%wheel !targetpw' '%wheel ALL=(ALL) ALL' > /etc/sudoers.d/muster)
{% endif %}
{{ cdata(ssh_keys("")) -}}
{{ cdata(post_steps("", "")) -}}
{{ cdata(conclude()) -}}
]]></source>
      </script>
    </chroot-scripts>
  </scripts>`;
