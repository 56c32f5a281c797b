import type { Machine } from '../../core/machines/machine.ts';
import { POWER_DRIVERS, type PowerLink, PowerTrouble } from '../../core/power/power-driver.ts';
import { readSecureOn, type WolSettings } from '../../core/power/power-settings.ts';
import { type Ipv4Address, LIMITED_BROADCAST, UNSPECIFIED } from '../../lib/addresses.ts';
import { loadLibc } from '../../os/libc.ts';
import { openDeviceSocket, openPlainSocket } from '../../os/udp-socket.ts';
import { magicPacket } from '../../protocols/wake-on-lan/magic-packet.ts';

export interface WolTarget {
  readonly settings: WolSettings;
  readonly machine: Machine;
  readonly password: string | undefined;
  /** The interfaces that are served now. */
  readonly interfaces: readonly WolInterface[];
}

export interface WolInterface {
  readonly name: string;
  readonly address: Ipv4Address;
}

/** Each packet is sent so often: it is lost easily, and nobody answers it. */
export const REPEATS = 3;

/** Broadcasts on every served segment, and sends to the far addresses that were named. */
export function openWol(target: WolTarget): PowerLink {
  return {
    can: POWER_DRIVERS.wol.can,
    readState: () => Promise.resolve('unknown'),
    perform: async (step) => {
      if (step !== 'on') throw new PowerTrouble('unsupported', 'wake-on-LAN only switches on');
      await wake(target);
    },
    close: () => Promise.resolve(),
  };
}

async function wake({ settings, machine, password, interfaces }: WolTarget): Promise<void> {
  if (machine.macs.length === 0) throw new PowerTrouble('unsupported', 'no MAC address of it is known');
  const secureOn = password === undefined ? undefined : readSecureOn(password);
  const packets = machine.macs.map((mac) => magicPacket(mac, secureOn));
  const sends = [
    ...interfaces.map((one) => ({ from: one, to: LIMITED_BROADCAST })),
    ...settings.to.map((to) => ({ from: undefined, to })),
  ];
  if (sends.length === 0)
    throw new PowerTrouble('missing', 'no network interface is served, and no address was named with --to');
  const results = await Promise.allSettled(
    sends.map((send) => sendFrom(send.from, send.to, settings.port, packets)),
  );
  const failed = results.flatMap((result) => (result.status === 'rejected' ? [String(result.reason)] : []));
  // Where one way is open, the machine may have heard it.
  if (failed.length === sends.length)
    throw new PowerTrouble('unreachable', `no packet could be sent: ${failed[0] ?? ''}`);
}

async function sendFrom(
  from: WolInterface | undefined,
  to: Ipv4Address,
  port: number,
  packets: readonly Uint8Array[],
): Promise<void> {
  const libc = loadLibc();
  const wish = { address: from?.address ?? UNSPECIFIED, port: 0, share: 'alone' } as const;
  const socket =
    'unavailable' in libc || from === undefined
      ? await openPlainSocket(wish)
      : // Routes know one way for 255.255.255.255, and there are several segments.
        await openDeviceSocket({ ...wish, libc, interfaceName: from.name });
  try {
    for (let round = 0; round < REPEATS; round += 1)
      for (const packet of packets) await socket.send(packet, { address: to, port });
  } finally {
    await socket.close();
  }
}
