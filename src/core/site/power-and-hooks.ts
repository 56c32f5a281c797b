import { MAX_HOOKS } from '../hooks/hook.ts';
import { KEY_STAYS_SENTENCE, keepsItsKey } from '../hooks/kept-key.ts';
import { POWER_DRIVERS } from '../power/power-driver.ts';
import {
  objectionToPower,
  objectionToSettings,
  type PowerSettings,
  secretGoesTo,
} from '../power/power-settings.ts';
import { afterwards, type Planned, type PlanFault } from './planned.ts';
import type { SiteContents, SiteHook, SitePower, WantedSecret, WantedSite } from './site-contents.ts';

/** What of a site has secrets that stand in no file: how power is reached, and hooks. */

/** With the secrets that stay, and the ids of machines, of which some may come with the same site. */
export function powerAsKept(
  contents: SiteContents,
  { power = [] }: WantedSite,
  machines: SiteContents['machines'],
): readonly SitePower[] {
  const known = new Map(contents.power.map((one) => [one.name, one]));
  const ids = new Map(machines.map(({ name, id }) => [name, id]));
  return power.map(({ secret: wanted, ...one }) => {
    const before = known.get(one.name);
    const kept = before && goesTheSameWay(before.settings, one.settings) ? before.secret : undefined;
    return { ...one, machineId: ids.get(one.name) ?? '', ...secretOf(wanted, kept) };
  });
}

export function hooksAsKept(
  contents: SiteContents,
  { hooks = [] }: WantedSite,
  nowMs: number,
): readonly SiteHook[] {
  const known = new Map(contents.hooks.map((one) => [one.name, one]));
  return hooks.map(({ secret: wanted, ...one }) => {
    const before = known.get(one.name);
    const kept = before && keepsItsKey(before.target, one.target) ? before.secret : undefined;
    return { ...one, createdAtMs: before?.createdAtMs ?? nowMs, ...secretOf(wanted, kept) };
  });
}

function secretOf(wanted: WantedSecret, kept: string | undefined): { readonly secret?: string } {
  if (typeof wanted === 'object') return { secret: wanted.given };
  return wanted === 'none' || kept === undefined ? {} : { secret: kept };
}

/** As where power is set by itself: a password that is kept goes to nobody else. */
function goesTheSameWay(before: PowerSettings, wanted: PowerSettings): boolean {
  return objectionToSettings(wanted) === undefined && secretGoesTo(before) === secretGoesTo(wanted);
}

export function powerFaults({ contents, wanted, given, writes }: Planned): readonly PlanFault[] {
  const machines = new Set(
    afterwards(contents.machines, given.machines, writes.machines.remove).map(({ name }) => name),
  );
  const known = new Map(contents.power.map((one) => [one.name, one]));
  return (given.power ?? []).flatMap(({ name, settings, secret }, at): readonly PlanFault[] => {
    const path = `power[${at}]`;
    const owner = machines.has(name)
      ? []
      : [{ path: `${path}.machine`, because: `there is no machine "${name}" whose power this could be` }];
    const because = objectionToSettings(settings);
    if (because !== undefined) return [...owner, { path, because }];
    const isNeeded =
      POWER_DRIVERS[settings.driver].secret.needed === 'yes' || wanted.power?.[at]?.secret === 'kept';
    if (secret === undefined && isNeeded) {
      const elsewhere = `the secret that is kept for the power of ${name} was for another place or user, and is not sent elsewhere`;
      const missing = noSecret(
        `the power of ${name}`,
        known.get(name)?.secret === undefined ? undefined : elsewhere,
      );
      return [...owner, { path: `${path}.secret`, because: missing }];
    }
    const unfit = objectionToPower(settings, secret);
    return unfit === undefined ? owner : [...owner, { path, because: unfit }];
  });
}

export function hookFaults({ contents, wanted, given, writes, rules }: Planned): readonly PlanFault[] {
  const known = new Map(contents.hooks.map((one) => [one.name, one]));
  const faults = (given.hooks ?? []).flatMap((hook, at): readonly PlanFault[] => {
    const path = `hooks[${at}]`;
    const isNeeded = hook.target.to === 'url' || wanted.hooks?.[at]?.secret === 'kept';
    if (hook.secret === undefined && isNeeded) {
      const elsewhere = known.get(hook.name)?.secret === undefined ? undefined : KEY_STAYS_SENTENCE;
      return [{ path: `${path}.secret`, because: noSecret(`hook ${hook.name}`, elsewhere) }];
    }
    const because = rules.hook(hook);
    return because === undefined ? [] : [{ path, because }];
  });
  const count = afterwards(contents.hooks, given.hooks, writes.hooks.remove).length;
  const many = { path: 'hooks', because: `there would be ${count} hooks, and ${MAX_HOOKS} are the most` };
  return count > MAX_HOOKS ? [...faults, many] : faults;
}

/** @param elsewhere why the one that is there cannot stay. */
function noSecret(of: string, elsewhere: string | undefined): string {
  const why = elsewhere ?? `no secret is kept for ${of}`;
  return `${why}: name a file that holds it as secretFile, in the folder that --secrets names`;
}
