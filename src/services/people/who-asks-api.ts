import { ANYBODY, type Asker, askerOfToken, LOCAL_ASKER } from '../../core/people/asker.ts';
import type { PeopleStore } from '../../core/people/people-store.ts';
import { isSessionOver } from '../../core/people/user.ts';
import type { Clock } from '../../lib/clock.ts';
import { hashOfSecret } from './secrets.ts';

/** How often it is written that a session or a token is used. */
const SEEN_EVERY_MS = 60_000;

/** What a request shows of who sends it. */
export interface Shown {
  /** The secret of the cookie. */
  readonly session?: string;
  /** Of `Authorization: Bearer`. */
  readonly bearer?: string;
}

type Use = 'used' | 'looked at';

export interface WhoAsksApiNeeds {
  readonly people: Pick<PeopleStore, 'session' | 'sawSession' | 'token' | 'usedToken'>;
  readonly clock: Clock;
  /** `off`: whoever reaches the API may do everything. */
  readonly login: 'on' | 'off';
  /** What this computer's own commands show. */
  readonly localSecret?: string;
}

/** Turns what a request shows into who asks. */
export class WhoAsksApi {
  readonly #needs: WhoAsksApiNeeds;
  readonly #localHash: string | undefined;

  constructor(needs: WhoAsksApiNeeds) {
    this.#needs = needs;
    this.#localHash = needs.localSecret === undefined ? undefined : hashOfSecret(needs.localSecret);
  }

  get login(): 'on' | 'off' {
    return this.#needs.login;
  }

  /**
   * @param use `looked at`: it is no use of the session or the token, and keeps none alive.
   * @returns undefined for nobody that is known: nothing shown, or nothing that is good now.
   */
  async whoAsks(shown: Shown, use: Use = 'used'): Promise<Asker | undefined> {
    const known = await this.#known(shown, use);
    return known ?? (this.#needs.login === 'off' ? ANYBODY : undefined);
  }

  async #known({ session, bearer }: Shown, use: Use): Promise<Asker | undefined> {
    // A program that shows a token means it, whatever cookie is sent along.
    if (bearer !== undefined) return await this.#ofBearer(hashOfSecret(bearer), use);
    return session === undefined ? undefined : await this.#ofSession(hashOfSecret(session), use);
  }

  async #ofBearer(hash: string, use: Use): Promise<Asker | undefined> {
    if (hash === this.#localHash) return LOCAL_ASKER;
    const { people, clock } = this.#needs;
    const known = await people.token(hash);
    if (known?.user.state !== 'active') return undefined;
    const { token, user } = known;
    const nowMs = clock.nowMs();
    if (token.expiresAtMs !== undefined && token.expiresAtMs <= nowMs) return undefined;
    if (use === 'used' && nowMs - (token.lastUsedAtMs ?? 0) >= SEEN_EVERY_MS)
      await people.usedToken(token.id, nowMs);
    return askerOfToken(token, user);
  }

  async #ofSession(hash: string, use: Use): Promise<Asker | undefined> {
    const { people, clock } = this.#needs;
    const known = await people.session(hash);
    const nowMs = clock.nowMs();
    if (known?.user.state !== 'active' || isSessionOver(known.session, nowMs)) return undefined;
    if (use === 'used' && nowMs - known.session.lastSeenAtMs >= SEEN_EVERY_MS)
      await people.sawSession(hash, nowMs);
    return { who: known.user.name, role: known.user.role, by: 'session', only: [], sessionHash: hash };
  }
}
