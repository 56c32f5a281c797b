"""Drives a BMC by sushy, OpenStack's Redfish client: URL PASSWORD CERTIFICATE-FILE. Says what it read before and after."""
import os
import sys
import sushy

# The library below lets these win over the certificate it is told.
for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
    os.environ.pop(name, None)

url, password, certificate = sys.argv[1:4]
root = sushy.Sushy(url, username="root", password=password, verify=certificate)
system = root.get_system(root.get_system_collection().members_identities[0])
print("before", system.power_state.value, sorted(t.value for t in system.get_allowed_reset_system_values()))
system.set_system_boot_options(
    target=sushy.BOOT_SOURCE_TARGET_PXE, enabled=sushy.BOOT_SOURCE_ENABLED_ONCE
)
system.reset_system(sushy.RESET_ON)
system.refresh(force=True)
print("after", system.power_state.value, system.boot.target.value, system.boot.enabled.value)
