import type { Dispatcher } from 'undici';
import {
  POWER_DRIVERS,
  POWER_STATES,
  type PowerLink,
  type PowerState,
  type PowerStep,
  PowerTrouble,
} from '../../core/power/power-driver.ts';
import type { WebhookSettings } from '../../core/power/power-settings.ts';
import type { Machine } from '../../core/machines/machine.ts';
import { postSigned } from '../hooks/signed-post.ts';

export interface WebhookTarget {
  readonly settings: WebhookSettings;
  readonly machine: Machine;
  readonly key: string;
  readonly dispatcher: Dispatcher;
  readonly nowMs: () => number;
}

/** Of one request. */
export const WEBHOOK_MS = 20_000;
/** "Not Implemented" (RFC 9110 §15.6.2). */
const UNIMPLEMENTED = 501;

/** A server of the user's own, which is sent `{"action", "machine"}` and answers 2xx; to `status` with `{"state"}`. */
export function openWebhook(target: WebhookTarget, enough: AbortSignal): PowerLink {
  return {
    can: POWER_DRIVERS.webhook.can,
    readState: async () => stateIn(await send(target, 'status', enough)),
    perform: async (step) => {
      if ((await send(target, step, enough)) === undefined)
        throw new PowerTrouble('unsupported', `${target.settings.url} does not know "${step}" (501)`);
    },
    close: () => Promise.resolve(),
  };
}

/** @returns the body; undefined where the server does not know the action. */
async function send(
  target: WebhookTarget,
  action: PowerStep | 'status',
  enough: AbortSignal,
): Promise<string | undefined> {
  const { settings, machine, key, dispatcher, nowMs } = target;
  const { id, name, macs, uuid } = machine;
  const answer = await postSigned({
    url: settings.url,
    key,
    body: JSON.stringify({ action, machine: { id, name, macs, uuid } }),
    headers: {},
    atSeconds: Math.floor(nowMs() / 1000),
    timeoutMs: WEBHOOK_MS,
    enough,
    dispatcher,
  });
  if (!answer.answered) throw new PowerTrouble('unreachable', `${settings.url}: ${answer.because}`);
  if (answer.status === UNIMPLEMENTED) return undefined;
  if (answer.status >= 200 && answer.status < 300) return answer.text;
  throw new PowerTrouble('refused', `${settings.url} answers ${answer.status}`);
}

function stateIn(text: string | undefined): PowerState {
  try {
    const body: unknown = JSON.parse(text ?? '');
    const said = typeof body === 'object' && body !== null && 'state' in body ? body.state : undefined;
    return POWER_STATES.find((state) => state === said) ?? 'unknown';
  } catch {
    return 'unknown';
  }
}
