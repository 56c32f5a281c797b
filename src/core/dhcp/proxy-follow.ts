import type { MacAddress } from '../../lib/addresses.ts';

/** How a client went on after offers of a proxyDHCP server. */
export interface Unfollowed {
  readonly mac: MacAddress;
  /**
   * `takes no offer`: it asks again and again, and takes neither server's (UEFI of HP laptops). `never came`: it took
   * the other server's address, and asked nothing of this server (UEFI of HP ProLiant Gen9; a PXE ROM that is switched
   * off).
   */
  readonly how: 'takes no offer' | 'never came';
  /** In this boot it was told in both ways. */
  readonly hasTurned: boolean;
}

interface Boot {
  readonly firstOfferMs: number;
  readonly lastOfferMs: number;
  /** Those of the style it hears now. */
  readonly offers: number;
  readonly hasTurned: boolean;
  readonly requestedMs: number | undefined;
}

/** EDK2 asks after 0, 4, 12 and 28 seconds; one that follows takes an offer after the first four. */
export const OFFERS_IN_VAIN = 3;
/** Of one style, in a boot with two: EDK2 is told twice in each. */
export const OFFERS_OF_A_STYLE = 2;
/** Another server that looks whether its address is free takes three seconds, and ROMs ask on meanwhile. */
export const IN_VAIN_MS = 10_000;
/** Two relays of one network send the same question twice. */
export const ONE_QUESTION_MS = 500;
/** A client that follows asks port 4011, TFTP or HTTP within seconds of having its address. */
export const COMES_WITHIN_MS = 20_000;
/** Offers that lie further apart belong to different boots. */
export const ONE_BOOT_MS = 60_000;
/** A room of machines switched on at once. */
export const MAX_FOLLOWED = 4096;

/** Whether clients do what the offers of a proxyDHCP server say: told what was seen, it says who did not. */
export class ProxyFollow {
  readonly #boots = new Map<MacAddress, Boot>();

  /** Whether it goes on asking after offers of one style, so that the next had better differ; once in each boot. */
  wantsOther(mac: MacAddress, nowMs: number): boolean {
    const boot = this.#sameBoot(mac, nowMs);
    if (boot === undefined || boot.hasTurned) return false;
    return boot.offers >= OFFERS_OF_A_STYLE && nowMs - boot.firstOfferMs >= IN_VAIN_MS;
  }

  /** The next offer differs. */
  turned(mac: MacAddress): void {
    const boot = this.#boots.get(mac);
    if (boot) this.#boots.set(mac, { ...boot, offers: 0, hasTurned: true });
  }

  offered(mac: MacAddress, nowMs: number): void {
    const before = this.#sameBoot(mac, nowMs);
    const isSameQuestion =
      before !== undefined && before.offers > 0 && nowMs - before.lastOfferMs <= ONE_QUESTION_MS;
    this.#boots.delete(mac);
    this.#boots.set(mac, {
      firstOfferMs: before?.firstOfferMs ?? nowMs,
      lastOfferMs: isSameQuestion ? before.lastOfferMs : nowMs,
      offers: (before?.offers ?? 0) + (isSameQuestion ? 0 : 1),
      hasTurned: before?.hasTurned ?? false,
      requestedMs: undefined,
    });
    if (this.#boots.size <= MAX_FOLLOWED) return;
    const [oldest] = this.#boots.keys();
    if (oldest !== undefined) this.#boots.delete(oldest);
  }

  #sameBoot(mac: MacAddress, nowMs: number): Boot | undefined {
    const boot = this.#boots.get(mac);
    return boot !== undefined && nowMs - boot.firstOfferMs <= ONE_BOOT_MS ? boot : undefined;
  }

  /** It takes the other server's address. */
  requested(mac: MacAddress, nowMs: number): void {
    const boot = this.#boots.get(mac);
    if (boot) this.#boots.set(mac, { ...boot, requestedMs: nowMs });
  }

  /** It asked this server for more. */
  came(mac: MacAddress): void {
    this.#boots.delete(mac);
  }

  /** Who did not follow, each boot once. */
  takeUnfollowed(nowMs: number): readonly Unfollowed[] {
    const unfollowed: Unfollowed[] = [];
    for (const [mac, boot] of this.#boots) {
      const how =
        boot.requestedMs === undefined ? takesNone(boot, nowMs) : neverCame(nowMs - boot.requestedMs);
      if (how !== undefined) unfollowed.push({ mac, how, hasTurned: boot.hasTurned });
      if (how !== undefined || nowMs - boot.firstOfferMs > 2 * ONE_BOOT_MS) this.#boots.delete(mac);
    }
    return unfollowed;
  }
}

function takesNone({ offers, hasTurned, firstOfferMs }: Boot, nowMs: number): Unfollowed['how'] | undefined {
  if (hasTurned) return offers >= OFFERS_OF_A_STYLE ? 'takes no offer' : undefined;
  return offers > OFFERS_IN_VAIN && nowMs - firstOfferMs >= IN_VAIN_MS ? 'takes no offer' : undefined;
}

function neverCame(sinceMs: number): Unfollowed['how'] | undefined {
  return sinceMs > COMES_WITHIN_MS ? 'never came' : undefined;
}
