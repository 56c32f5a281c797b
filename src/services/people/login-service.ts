import { FREE_OF_ADDRESS, FREE_OF_NAME, KnownPlaces, LoginGuard } from '../../core/people/login-guard.ts';
import type { PeopleStore } from '../../core/people/people-store.ts';
import { LINK_MS, SESSION_IDLE_MS, SESSION_MS, type User } from '../../core/people/user.ts';
import type { Clock } from '../../lib/clock.ts';
import { Turns } from '../../lib/turns.ts';
import { hashLoginPassword, isLoginPassword } from './login-password.ts';
import { networkOfAddress } from './network-of-address.ts';
import { drawSecret, hashOfSecret } from './secrets.ts';

/** Passwords that are hashed at one time: each takes 32 MiB and a tenth of a second of a thread. */
const HASHES_AT_ONCE = 2;
/** More that wait are turned away. */
export const MAX_WAITING_HASHES = 64;

export interface LoginNeeds {
  readonly people: PeopleStore;
  readonly clock: Clock;
}

/** Where somebody logs in from. */
export interface LoginPlace {
  readonly address: string;
  /** What the browser calls itself. */
  readonly agent: string;
}

/**
 * `wrong`: name, password or link is not right, and which is not said. `wait`: too many were wrong. `busy`: too many
 * log in at once. `refused`: it is right, and cannot be.
 */
export type LoginRefusal = {
  readonly done: false;
  readonly no: 'wrong' | 'wait' | 'busy' | 'refused';
  readonly because: string;
  readonly waitSeconds?: number;
  /** For the audit alone: whose name was tried, where there is one of that name. */
  readonly who?: string;
};

export type LoggedIn = {
  readonly done: true;
  readonly user: User;
  /** For the cookie; it is kept nowhere. */
  readonly secret: string;
};

/** Who showed a password, and what it is kept as. */
interface Shown {
  readonly user: User;
  readonly kept: string;
}

const WRONG_PASSWORD: LoginRefusal = {
  done: false,
  no: 'wrong',
  because: 'name or password is wrong; who has forgotten it asks an admin for a link (muster user link NAME)',
};
const WRONG_LINK: LoginRefusal = {
  done: false,
  no: 'wrong',
  because:
    'this link was used, replaced by a newer one, or is too old: ask for another (muster user link NAME)',
};
const BUSY: LoginRefusal = {
  done: false,
  no: 'busy',
  because: 'too many log in at this moment: try again in some seconds',
};

/** How people come in, by a password or by a link for one time, and go. */
export class LoginService {
  readonly #needs: LoginNeeds;
  readonly #names = new LoginGuard(FREE_OF_NAME);
  readonly #addresses = new LoginGuard(FREE_OF_ADDRESS);
  readonly #places = new KnownPlaces();
  readonly #hashing = new Turns(HASHES_AT_ONCE);
  /** Of the link that makes the first user, while there is none. */
  #firstHash: string | undefined;

  constructor(needs: LoginNeeds) {
    this.#needs = needs;
  }

  /** The secret of a link that makes the first user; undefined where there is a user. Only the newest is good. */
  async firstLink(): Promise<string | undefined> {
    if ((await this.#needs.people.users()).length > 0) return undefined;
    const secret = drawSecret();
    this.#firstHash = hashOfSecret(secret);
    return secret;
  }

  async logIn(name: string, password: string, place: LoginPlace): Promise<LoggedIn | LoginRefusal> {
    const shown = await this.#show(name, password, place);
    return 'no' in shown ? shown : await this.open(shown.user, place, shown.kept);
  }

  /** @returns who it is, and the hash that their password was kept as. */
  async #show(name: string, password: string, place: LoginPlace): Promise<Shown | LoginRefusal> {
    const { people, clock } = this.#needs;
    const unheard = this.#unheard(place, name);
    if (unheard) return unheard;
    const network = networkOfAddress(place.address);
    const counted = this.#places.countedAs(name, network);
    // Counted before the answer is known, so that many at once are not all tried.
    this.#names.failed(counted, clock.nowMs());
    this.#addresses.failed(network, clock.nowMs());
    const [kept, user] = await Promise.all([people.passwordHash(name), people.user(name)]);
    const isRight = await this.#hashing.take(() => isLoginPassword(password, kept));
    if (!isRight || kept === undefined || user?.state !== 'active')
      return { ...WRONG_PASSWORD, ...(user === undefined ? {} : { who: user.name }) };
    this.#names.succeeded(counted);
    this.#addresses.takenBack(network);
    this.#places.loggedIn(name, network);
    return { user, kept };
  }

  /**
   * Sets the password of whoever the link is for, and logs in. The first link makes the first user, an admin.
   *
   * @param name of the first user.
   */
  async logInByLink(
    link: string,
    { name, password }: { readonly name?: string; readonly password: string },
    place: LoginPlace,
  ): Promise<LoggedIn | LoginRefusal> {
    const { people, clock } = this.#needs;
    const unheard = this.#unheard(place);
    if (unheard) return unheard;
    const hash = hashOfSecret(link);
    // Looked at before anything is hashed: whoever has no link costs no more than a look.
    if (hash !== this.#firstHash && !(await people.isLink(hash, clock.nowMs())))
      return this.#wrongLink(place);
    const passwordHash = await this.#hashing.take(() => hashLoginPassword(password));
    if (hash === this.#firstHash) return await this.#makeFirst(name, passwordHash, place);
    const owner = await people.takeLink(hash, clock.nowMs());
    const user = owner === undefined ? undefined : await people.user(owner);
    if (user?.state !== 'active') return this.#wrongLink(place, user?.name);
    await people.setPassword(user.name, passwordHash);
    this.#names.succeeded(user.name);
    return await this.open({ ...user, password: 'set' }, place, passwordHash);
  }

  #wrongLink({ address }: LoginPlace, who?: string): LoginRefusal {
    this.#addresses.failed(networkOfAddress(address), this.#needs.clock.nowMs());
    return { ...WRONG_LINK, ...(who === undefined ? {} : { who }) };
  }

  async #makeFirst(
    name: string | undefined,
    passwordHash: string,
    place: LoginPlace,
  ): Promise<LoggedIn | LoginRefusal> {
    if (name === undefined)
      return { done: false, no: 'refused', because: 'the first user needs a name: send one along' };
    const user = { name, role: 'admin', state: 'active', createdAtMs: this.#needs.clock.nowMs() } as const;
    const added = await this.#needs.people.addUser(user, passwordHash, (users) =>
      users.length === 0 ? undefined : 'there is a user already',
    );
    if (!added.put) return WRONG_LINK;
    this.#firstHash = undefined;
    return await this.open({ ...user, password: 'set' }, place, passwordHash);
  }

  /** A link by which a user sets a new password, once. @returns undefined where there is no such user. */
  async linkFor(
    name: string,
  ): Promise<{ readonly secret: string; readonly expiresAtMs: number } | undefined> {
    const secret = drawSecret();
    const expiresAtMs = this.#needs.clock.nowMs() + LINK_MS;
    const put = await this.#needs.people.putLink(hashOfSecret(secret), name, expiresAtMs);
    return put ? { secret, expiresAtMs } : undefined;
  }

  /** All other sessions of the user end; this one goes on as a new one. */
  async changePassword(
    name: string,
    { old, next }: { readonly old: string; readonly next: string },
    place: LoginPlace,
  ): Promise<LoggedIn | LoginRefusal> {
    const shown = await this.#show(name, old, place);
    if ('no' in shown) return shown;
    const passwordHash = await this.#hashing.take(() => hashLoginPassword(next));
    const isSet = await this.#needs.people.setPassword(name, passwordHash, shown.kept);
    return isSet ? await this.open(shown.user, place, passwordHash) : { ...WRONG_PASSWORD, who: name };
  }

  async logOut(sessionHash: string): Promise<void> {
    await this.#needs.people.endSession(sessionHash);
  }

  /** Why nothing is tried now. */
  #unheard({ address }: LoginPlace, name?: string): LoginRefusal | undefined {
    const nowMs = this.#needs.clock.nowMs();
    const network = networkOfAddress(address);
    const ofName = name === undefined ? 0 : this.#names.waitMs(this.#places.countedAs(name, network), nowMs);
    const waitSeconds = Math.ceil(Math.max(ofName, this.#addresses.waitMs(network, nowMs)) / 1000);
    if (waitSeconds > 0) {
      const because = `too many log-ins were wrong: try again in ${waitSeconds} s`;
      return { done: false, no: 'wait', because, waitSeconds };
    }
    return this.#hashing.waiting >= MAX_WAITING_HASHES ? BUSY : undefined;
  }

  /**
   * A session for somebody who showed who they are.
   *
   * @param shownPassword what the password that was shown is kept as: it may be another by now.
   */
  async open(
    user: User,
    { address, agent }: LoginPlace,
    shownPassword?: string,
  ): Promise<LoggedIn | LoginRefusal> {
    const { people, clock } = this.#needs;
    const nowMs = clock.nowMs();
    await people.endOldSessions(nowMs - SESSION_IDLE_MS, nowMs - SESSION_MS);
    const secret = drawSecret();
    const session = { user: user.name, createdAtMs: nowMs, lastSeenAtMs: nowMs, address, agent };
    const isOpen = await people.addSession(hashOfSecret(secret), session, shownPassword);
    return isOpen ? { done: true, user, secret } : { ...WRONG_PASSWORD, who: user.name };
  }
}
