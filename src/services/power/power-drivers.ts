import type { Dispatcher } from 'undici';
import type { Machine } from '../../core/machines/machine.ts';
import { type PowerLink, PowerTrouble } from '../../core/power/power-driver.ts';
import type { PowerSettings } from '../../core/power/power-settings.ts';
import type { Clock } from '../../lib/clock.ts';
import { openCommand } from './command-driver.ts';
import { openIpmi } from './ipmi-driver.ts';
import { openRedfish } from './redfish-driver.ts';
import { openWebhook } from './webhook-driver.ts';
import { openWol, type WolInterface } from './wol-driver.ts';

export interface PowerDriversNeeds {
  readonly interfaces: () => readonly WolInterface[];
  /** Of the setting `commands.folder`. */
  readonly commandsFolder: string | undefined;
  readonly dispatcher: Dispatcher;
  readonly clock: Clock;
}

export interface PowerTarget {
  readonly machine: Machine;
  readonly settings: PowerSettings;
  readonly secret: string | undefined;
}

export type OpenPower = (target: PowerTarget, enough: AbortSignal) => Promise<PowerLink>;

/** Opens the driver that a machine's settings name. */
export function powerDrivers(needs: PowerDriversNeeds): OpenPower {
  return async ({ machine, settings, secret }, enough) => {
    switch (settings.driver) {
      case 'wol':
        return openWol({ settings, machine, password: secret, interfaces: needs.interfaces() });
      case 'redfish': {
        const uuid = machine.uuid === undefined ? {} : { uuid: machine.uuid };
        return await openRedfish({ settings, password: expectSecret(secret), ...uuid }, enough);
      }
      case 'ipmi':
        return openIpmi({ settings, password: expectSecret(secret) }, enough);
      case 'command':
        return openCommand({ settings, machine, secret, folder: needs.commandsFolder }, enough);
      case 'webhook': {
        const { dispatcher, clock } = needs;
        const key = expectSecret(secret);
        return openWebhook({ settings, machine, key, dispatcher, nowMs: () => clock.nowMs() }, enough);
      }
      default:
        return settings satisfies never;
    }
  };
}

function expectSecret(secret: string | undefined): string {
  if (secret === undefined) throw new PowerTrouble('missing', 'its secret is not there: set its power anew');
  return secret;
}
