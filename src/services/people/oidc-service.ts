import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  calculatePKCECodeChallenge,
  type Configuration,
  discovery,
  randomNonce,
  randomPKCECodeVerifier,
  randomState,
} from 'openid-client';
import { type OidcRules, outsiderOf } from '../../core/people/oidc.ts';
import type { PeopleStore } from '../../core/people/people-store.ts';
import type { Clock } from '../../lib/clock.ts';
import type { LoggedIn, LoginPlace, LoginRefusal, LoginService } from './login-service.ts';

export interface OidcWish {
  readonly issuer: URL;
  readonly clientId: string;
  readonly clientSecret: string | undefined;
  readonly rules: OidcRules;
}

export interface OidcServiceNeeds extends OidcWish {
  readonly people: Pick<PeopleStore, 'putOutsider'>;
  readonly logins: Pick<LoginService, 'open'>;
  readonly clock: Clock;
}

/** How long somebody may take at the provider. */
export const OIDC_WAIT_MS = 10 * 60 * 1000;
/** Of those who are there; the oldest is forgotten for another. */
const MAX_UNDER_WAY = 1000;
const SCOPE = 'openid profile email';

interface UnderWay {
  readonly verifier: string;
  readonly nonce: string;
  readonly sinceMs: number;
}

/** People whom an OpenID provider vouches for: the code flow with PKCE (OpenID Connect Core §3.1, RFC 7636). */
export class OidcService {
  readonly #needs: OidcServiceNeeds;
  /** By the state that goes there and comes back. */
  readonly #underWay = new Map<string, UnderWay>();
  #provider: Promise<Configuration> | undefined;

  constructor(needs: OidcServiceNeeds) {
    this.#needs = needs;
  }

  /** @param callback where the provider sends the browser back to. @throws Error when it cannot be reached. */
  async begin(callback: string): Promise<{ readonly url: string; readonly state: string }> {
    const provider = await this.#discovered();
    const [state, nonce, verifier] = [randomState(), randomNonce(), randomPKCECodeVerifier()];
    this.#underWay.set(state, { verifier, nonce, sinceMs: this.#needs.clock.nowMs() });
    const [oldest] = this.#underWay.keys();
    if (this.#underWay.size > MAX_UNDER_WAY && oldest !== undefined) this.#underWay.delete(oldest);
    const url = buildAuthorizationUrl(provider, {
      redirect_uri: callback,
      scope: SCOPE,
      state,
      nonce,
      code_challenge: await calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
    });
    return { url: url.href, state };
  }

  /**
   * @param came where the provider sent the browser, whole.
   * @param state what that browser was given at the beginning: another one's log-in is not taken.
   */
  async finish(came: URL, state: string, place: LoginPlace): Promise<LoggedIn | LoginRefusal> {
    const { people, logins, clock, rules } = this.#needs;
    const began = this.#underWay.get(state);
    this.#underWay.delete(state);
    if (began === undefined || clock.nowMs() - began.sinceMs > OIDC_WAIT_MS)
      return wrong('this log-in was not begun here, or took too long: begin it anew');
    const { verifier: pkceCodeVerifier, nonce: expectedNonce } = began;
    const checks = { pkceCodeVerifier, expectedNonce, expectedState: state, idTokenExpected: true };
    try {
      const tokens = await authorizationCodeGrant(await this.#discovered(), came, checks);
      const outsider = outsiderOf({ ...tokens.claims() }, rules);
      if ('because' in outsider) return refused(outsider.because);
      const put = await people.putOutsider(outsider, clock.nowMs());
      return 'user' in put ? await logins.open(put.user, place) : refused(put.because);
    } catch (error) {
      // What the provider says is for its own log; people hear that it was no.
      return wrong(`the provider did not vouch for anybody (${error instanceof Error ? error.message : ''})`);
    }
  }

  async #discovered(): Promise<Configuration> {
    const { issuer, clientId, clientSecret } = this.#needs;
    const isPlain = issuer.protocol === 'http:';
    const plainly = { execute: [allowInsecureRequests] };
    this.#provider ??= discovery(issuer, clientId, clientSecret, undefined, isPlain ? plainly : undefined);
    try {
      return await this.#provider;
    } catch (error) {
      // It may be there the next time.
      this.#provider = undefined;
      throw error;
    }
  }
}

function wrong(because: string): LoginRefusal {
  return { done: false, no: 'wrong', because };
}

function refused(because: string): LoginRefusal {
  return { done: false, no: 'refused', because };
}
