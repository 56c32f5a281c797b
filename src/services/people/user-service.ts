import type { PeopleStore } from '../../core/people/people-store.ts';
import { type ApiToken, objectionToLoss, type User, type UserChange } from '../../core/people/user.ts';
import type { Clock } from '../../lib/clock.ts';
import { isEnough, type Role } from '../../lib/roles.ts';
import { type Outcome, refusal } from '../refusal.ts';
import { drawSecret, hashOfSecret } from './secrets.ts';

/** So that whoever finds one knows what it is, as scanners of repositories do. */
const TOKEN_PREFIX = 'muster_';
const TOKEN_ID_BYTES = 6;

export interface UserServiceNeeds {
  readonly people: PeopleStore;
  readonly clock: Clock;
  readonly randomHex: (bytes: number) => string;
}

export interface TokenWish {
  readonly user: string;
  readonly title: string;
  readonly role: Role;
  readonly only: readonly string[];
  readonly expiresInMs?: number;
  /** No longer than that: of the token that asks for another one. */
  readonly untilMs?: number;
}

/** Who there is, and the tokens of their programs. */
export class UserService {
  readonly #needs: UserServiceNeeds;

  constructor(needs: UserServiceNeeds) {
    this.#needs = needs;
  }

  list(): Promise<readonly User[]> {
    return this.#needs.people.users();
  }

  byName(name: string): Promise<User | undefined> {
    return this.#needs.people.user(name);
  }

  /** Without a password: the user sets it with a link. */
  async add(name: string, role: Role): Promise<Outcome<{ user: User }>> {
    const user = { name, role, state: 'active', createdAtMs: this.#needs.clock.nowMs() } as const;
    const added = await this.#needs.people.addUser(user, undefined, () => undefined);
    return added.put
      ? { done: true, user: { ...user, password: 'none' } }
      : refusal('conflict', added.because);
  }

  /** What is changed holds from the next request on, also for sessions and tokens that are open. */
  async change(name: string, change: UserChange): Promise<Outcome<{ user: User }>> {
    if (!(await this.byName(name))) return noUser(name);
    const result = await this.#needs.people.changeUser(name, change, (user, others) =>
      objectionToLoss(user, { ...user, ...change }, others),
    );
    return 'changed' in result ? { done: true, user: result.changed } : refusal('refused', result.because);
  }

  async remove(name: string): Promise<Outcome> {
    if (!(await this.byName(name))) return noUser(name);
    const result = await this.#needs.people.removeUser(name, (user, others) =>
      objectionToLoss(user, undefined, others),
    );
    return result.put ? { done: true } : refusal('refused', result.because);
  }

  tokens(): Promise<readonly ApiToken[]> {
    return this.#needs.people.tokens();
  }

  /** @returns the secret as well, this once. */
  async addToken(wish: TokenWish): Promise<Outcome<{ token: ApiToken; secret: string }>> {
    const { people, clock, randomHex } = this.#needs;
    const nowMs = clock.nowMs();
    const user = await people.user(wish.user);
    if (!user) return noUser(wish.user);
    if (!isEnough(user.role, wish.role))
      return refusal('refused', `${user.name} is ${user.role}, and no token of theirs may more than that`);
    const { expiresInMs = Infinity, untilMs = Infinity, ...rest } = wish;
    const expiresAtMs = Math.min(nowMs + expiresInMs, untilMs);
    const token: ApiToken = {
      ...rest,
      id: `t-${randomHex(TOKEN_ID_BYTES)}`,
      createdAtMs: nowMs,
      ...(expiresAtMs === Infinity ? {} : { expiresAtMs }),
    };
    const secret = TOKEN_PREFIX + drawSecret();
    const added = await people.addToken(hashOfSecret(secret), token);
    return added.put ? { done: true, token, secret } : refusal('refused', added.because);
  }

  async removeToken(id: string): Promise<Outcome> {
    return (await this.#needs.people.removeToken(id))
      ? { done: true }
      : refusal('not found', `there is no token "${id}"`);
  }
}

function noUser(name: string) {
  return refusal('not found', `there is no user "${name}"`);
}
