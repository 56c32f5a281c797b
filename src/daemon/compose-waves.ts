import { SendingRate } from '../services/sending-rate.ts';
import type { InstallService } from '../services/installs/install-service.ts';
import type { PowerService } from '../services/power/power-service.ts';
import { WaveService } from '../services/waves/wave-service.ts';
import { WaveTurns } from '../services/waves/wave-turns.ts';
import type { Grounded } from './compose.ts';
import { faultData } from './log.ts';

/** Waves: what people do with them, and what goes on by itself. */
export function composeWaves(
  { stores, clock, events, log }: Grounded,
  installs: InstallService,
  { power }: { readonly power: PowerService },
): { readonly waves: WaveService; readonly waveTurns: WaveTurns; readonly sendingRate: SendingRate } {
  const { waves, machines } = stores;
  const sendingRate = new SendingRate(clock);
  const waveTurns = new WaveTurns({
    waves,
    machines,
    installs,
    events,
    clock,
    bytesPerSecond: () => sendingRate.read(),
    random: Math.random,
    powerOn: (machine) => power.bootFromNetwork(machine),
    objectionToCut: (machine) => power.objectionToCut(machine),
    failed: (error) => log.error('The turns of waves could not be looked at', faultData(error)),
  });
  return {
    waveTurns,
    sendingRate,
    waves: new WaveService({
      waves,
      installs,
      events,
      clock,
      changed: () => waveTurns.look(),
      objectionToPower: (machine) => power.objectionTo(machine),
      objectionToCut: (machine) => power.objectionToCut(machine),
    }),
  };
}
