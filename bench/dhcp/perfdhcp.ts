/** What one run of Kea's perfdhcp says: exchanges begun, and messages without their answer. */
export interface LadderStep {
  /** Exchanges a second that were to be begun. */
  readonly offeredRate: number;
  readonly discovers: number;
  readonly offers: number;
  readonly requests: number;
  readonly acks: number;
  /** From DHCPDISCOVER to DHCPOFFER, and from DHCPREQUEST to DHCPACK, on average. */
  readonly offerMs: number;
  readonly ackMs: number;
}

export const STEP_SECONDS = 2;
/** Different clients of one step; each step has others. */
const CLIENTS = 100_000;
/** How long it waits for answers at the end. */
const EXIT_WAIT_US = 1_000_000;

/** As a relay that all clients are behind, which is what perfdhcp is when it is told a server's address. */
export function perfdhcpCommand(
  program: string,
  step: { readonly rate: number; readonly number: number; readonly seed: number },
  network: { readonly clientInterface: string; readonly server: string },
): readonly string[] {
  const row = (step.seed * 64 + step.number) & 0xffff;
  const octets = [0x02, 0x0c, row >>> 8, row & 0xff, 0, 0].map((octet) =>
    octet.toString(16).padStart(2, '0'),
  );
  const flags = {
    '-l': network.clientInterface,
    '-r': step.rate,
    '-R': CLIENTS,
    '-b': `mac=${octets.join(':')}`,
    '-s': step.seed,
    '-p': STEP_SECONDS,
    '-W': EXIT_WAIT_US,
  };
  return [
    program,
    '-4',
    ...Object.entries(flags).flatMap(([flag, value]) => [flag, String(value)]),
    network.server,
  ];
}

/** @throws SyntaxError when this is no report of perfdhcp. */
export function decodePerfdhcp(text: string, offeredRate: number): LadderStep {
  const offers = sectionOf(text, 'DISCOVER-OFFER');
  const acks = sectionOf(text, 'REQUEST-ACK');
  return {
    offeredRate,
    discovers: offers('sent packets'),
    offers: offers('received packets'),
    requests: acks('sent packets'),
    acks: acks('received packets'),
    offerMs: offers('avg delay'),
    ackMs: acks('avg delay'),
  };
}

function sectionOf(text: string, name: string): (field: string) => number {
  const [, after] = text.split(`***Statistics for: ${name}***`);
  if (after === undefined) throw new SyntaxError(`perfdhcp told nothing of ${name}`);
  const [section = ''] = after.split('***');
  return (field) => {
    const found = new RegExp(`^${field}: ([\\d.]+|n/a|-?nan)`, 'm').exec(section)?.[1];
    if (found === undefined) throw new SyntaxError(`perfdhcp told no "${field}" of ${name}`);
    // Without any answer there is no average.
    return Number(found) || 0;
  };
}
