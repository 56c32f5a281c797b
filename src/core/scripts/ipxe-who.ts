import { scriptUrl } from '../boot/machine-urls.ts';
import { CLAIM_FIELDS } from '../machines/claims-query.ts';
import type { ScriptPlace } from './script-language.ts';

/** iPXE's names of what the machine is known by, as they stand in a URL; what the SMBIOS lacks is empty. */
const SETTINGS: Readonly<Record<keyof typeof CLAIM_FIELDS, string>> = {
  uuid: '${uuid}',
  serial: '${serial:uristring}',
  assetTag: '${asset:uristring}',
  vendor: '${manufacturer:uristring}',
  product: '${product:uristring}',
};

/**
 * The line with which iPXE comes back and says who it is; the script it gets then goes on in place of this one, and
 * where it gets none, the next line does. In a DHCP field of 127 letters there is no room for it.
 */
export function askWhoLine({ address, httpPort }: ScriptPlace): string {
  const fields = Object.entries(CLAIM_FIELDS).map(
    ([claim, field]) => `${field}=${SETTINGS[claim as keyof typeof CLAIM_FIELDS]}`,
  );
  return `chain --autofree --replace ${scriptUrl({ address, port: httpPort })}?${fields.join('&')} ||`;
}
