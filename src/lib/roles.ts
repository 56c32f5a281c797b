/** What a person or program may do; each may what the ones before it may. */
export const ROLES = ['viewer', 'operator', 'admin'] as const;

export type Role = (typeof ROLES)[number];

/** One sentence for each, for people who give it. */
export const ROLE_SENTENCES: Readonly<Record<Role, string>> = {
  viewer: 'sees everything but secrets, and changes nothing',
  operator: 'adds and installs machines, switches them on and off, writes profiles and groups',
  admin: 'does everything: networks, images, policy, hooks, people',
};

/** Whether a role is enough for what wants another. */
export function isEnough(role: Role, wanted: Role): boolean {
  return ROLES.indexOf(role) >= ROLES.indexOf(wanted);
}

/** The lesser of two. */
export function lesserRole(one: Role, other: Role): Role {
  return isEnough(one, other) ? other : one;
}
