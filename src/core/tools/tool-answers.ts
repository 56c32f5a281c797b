import type { AnswerKind } from '../images/image.ts';

/**
 * Answer files that have an installer run one program and nothing else. They say nothing of disks at all: where the
 * program ends too early, or cannot be fetched, the installer stops at a question, and no disk is touched.
 */
const KICKSTART_TOOL = String.raw`{% set end = "%end" if level >= 6 else "" %}
# {{ machine.name }}: {{ image.title }} as a tool; rendered by Muster. Nothing is installed.
{% if level < 8 %}
install
{% endif %}
{% if level < 6 %}
key --skip
{% endif %}
text
lang en_US.UTF-8
keyboard us

%pre{{ " --erroronfail" if level >= 6 }}
cd /tmp
curl -s -f -o muster-tool.sh --max-time 60 --retry 2 {{ (urls.report ~ "/tool.sh") | sh }} || wget -q -O muster-tool.sh {{ (urls.report ~ "/tool.sh") | sh }}{% if level < 7 %} || python -c 'import sys, urllib; urllib.urlretrieve(sys.argv[1], sys.argv[2])' {{ (urls.report ~ "/tool.sh") | sh }} muster-tool.sh{% endif +%}
sh muster-tool.sh
# It ends with a new start. Where it does not, nothing else is to happen here.
while :; do sleep 60; done
{{ end }}
`;

/** Before partman the drivers of the disks are loaded, and nothing is written yet. */
const PRESEED_TOOL = String.raw`# {{ machine.name }}: {{ image.title }} as a tool; rendered by Muster. Nothing is installed.
d-i debian-installer/locale string en_US.UTF-8
d-i keyboard-configuration/xkb-keymap select us
d-i netcfg/choose_interface select auto
d-i netcfg/hostname string {{ machine.name | preseed }}
d-i netcfg/wireless_wep string
d-i hw-detect/load_firmware boolean false
d-i mirror/country string manual
d-i mirror/protocol string {{ package_mirror.protocol | preseed }}
d-i mirror/{{ package_mirror.protocol }}/hostname string {{ package_mirror.host | preseed }}
d-i mirror/{{ package_mirror.protocol }}/directory string {{ package_mirror.directory | preseed }}
d-i mirror/{{ package_mirror.protocol }}/proxy string
{% if codename %}
d-i mirror/suite string {{ codename | preseed }}
d-i mirror/udeb/suite string {{ codename | preseed }}
{% endif %}
d-i debian-installer/allow_unauthenticated boolean true
d-i clock-setup/utc boolean true
d-i clock-setup/ntp boolean false
d-i time/zone string UTC
d-i passwd/root-login boolean true
d-i passwd/root-password-crypted password !
d-i passwd/make-user boolean false
d-i partman/early_command string \
  wget -q -O /tmp/muster-tool.sh --tries=3 --timeout=60 {{ (urls.report ~ "/tool.sh") | sh }}; \
  sh /tmp/muster-tool.sh; while :; do sleep 60; done
`;

/** By the kind of answer file that an image's installer reads. */
export const TOOL_ANSWERS: Readonly<Partial<Record<AnswerKind, string>>> = {
  kickstart: KICKSTART_TOOL,
  preseed: PRESEED_TOOL,
};
