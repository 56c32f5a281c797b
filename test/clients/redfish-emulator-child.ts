/** A BMC that speaks Redfish over TLS: `PORT KEY-FILE CERTIFICATE-FILE PASSWORD-FILE`. Says each request, and each state it comes to. */
import { readFileSync } from 'node:fs';
import { RedfishEmulator } from '../../src/services/power/suite/redfish-emulator.ts';

const [port = '443', keyFile = '', certificateFile = '', passwordFile = ''] = process.argv.slice(2);
const bmc = await RedfishEmulator.start({
  port: Number(port),
  tls: { key: readFileSync(keyFile, 'utf8'), cert: readFileSync(certificateFile, 'utf8') },
  password: readFileSync(passwordFile, 'utf8').trim(),
  ifMatch: 'required',
});
console.log('listening');

let said = '';
setInterval(() => {
  for (const request of bmc.requests.splice(0)) console.log(`request ${request}`);
  const { power, boot } = bmc.system;
  const state = `state ${power} ${boot.enabled} ${boot.target}, ${bmc.sessions.size} sessions`;
  if (state !== said) console.log(state);
  said = state;
}, 20);
