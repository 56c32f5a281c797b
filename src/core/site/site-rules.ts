import { PASSWORD_NAMES, PASSWORD_VARIABLES } from '../answers/password-variables.ts';
import { objectionToRemoval, objectionToSnippet } from '../answers/snippet-rules.ts';
import { MAX_GROUPS } from '../machines/groups.ts';
import { objectionToMachine } from '../machines/edit-machine.ts';
import type { Machine } from '../machines/machine.ts';
import { EMPTY_SELECTOR_SENTENCE } from '../machines/selector.ts';
import { MAX_MIRRORS, objectionToMirrorSize } from '../mirrors/mirror.ts';
import { objectToSubnet } from '../network/subnet-rules.ts';
import { afterwards, type Planned, type PlanFault } from './planned.ts';
import { hookFaults, powerFaults } from './power-and-hooks.ts';
import type { GivenSite } from './site-contents.ts';

/** Everything that stands in the way of the whole, looked at as it would be afterwards. */
export function findFaults(planned: Planned): readonly PlanFault[] {
  return [
    ...doubles(planned.given),
    ...imageFaults(planned),
    ...mirrorFaults(planned),
    ...subnetFaults(planned),
    ...snippetFaults(planned),
    ...profileFaults(planned),
    ...passwordFaults(planned),
    ...groupFaults(planned),
    ...machineFaults(planned),
    ...powerFaults(planned),
    ...hookFaults(planned),
    ...removalFaults(planned),
    ...policyFaults(planned),
  ];
}

function doubles(given: GivenSite): readonly PlanFault[] {
  return Object.entries(given).flatMap(([section, list]) => {
    const seen = new Set<string>();
    return (list as readonly { readonly name: string }[]).flatMap(({ name }, at) => {
      const again = seen.has(name);
      seen.add(name);
      return again ? [{ path: `${section}[${at}].name`, because: `"${name}" stands twice: keep one` }] : [];
    });
  });
}

function imageFaults({ contents, wanted }: Planned): readonly PlanFault[] {
  return (wanted.images ?? []).flatMap((name, at) =>
    contents.imageNames.includes(name) ? [] : [{ path: `images[${at}]`, because: noImage(name) }],
  );
}

function noImage(name: string): string {
  return `there is no image "${name}": muster image add adds it, which a site file cannot`;
}

function mirrorFaults({ contents, given, writes }: Planned): readonly PlanFault[] {
  const known = new Map(contents.mirrors.map((one) => [one.name, one]));
  const faults = (given.mirrors ?? []).flatMap(({ name, url, kind, maxBytes }, at): readonly PlanFault[] => {
    const path = `mirrors[${at}]`;
    const before = known.get(name);
    const size = objectionToMirrorSize(maxBytes);
    const fixed = `what is kept of mirror "${name}" is of where it was fetched from: take it away first, or name a new one`;
    return [
      ...(size === undefined ? [] : [{ path: `${path}.maxBytes`, because: size }]),
      ...(before && before.url !== url ? [{ path: `${path}.url`, because: fixed }] : []),
      ...(before && before.kind !== kind ? [{ path: `${path}.kind`, because: fixed }] : []),
    ];
  });
  const count = contents.mirrors.length + added(contents.mirrors, writes.mirrors);
  const many = {
    path: 'mirrors',
    because: `there would be ${count} mirrors, and ${MAX_MIRRORS} are the most`,
  };
  return count > MAX_MIRRORS && writes.mirrors.put.length > 0 ? [...faults, many] : faults;
}

function added(
  current: readonly { readonly name: string }[],
  {
    put,
    remove,
  }: { readonly put: readonly { readonly name: string }[]; readonly remove: readonly unknown[] },
): number {
  const names = new Set(current.map(({ name }) => name));
  return put.filter(({ name }) => !names.has(name)).length - remove.length;
}

function subnetFaults({ contents, given, writes }: Planned): readonly PlanFault[] {
  const all = afterwards(contents.subnets, given.subnets, writes.subnets.remove);
  return (given.subnets ?? []).flatMap((subnet, at) => {
    const because = objectToSubnet(
      subnet,
      all.filter(({ name }) => name !== subnet.name),
    );
    return because === undefined ? [] : [{ path: `subnets[${at}]`, because }];
  });
}

function snippetFaults({ contents, given, writes }: Planned): readonly PlanFault[] {
  const all = afterwards(contents.snippets, given.snippets, writes.snippets.remove);
  const templates = afterwards(contents.profiles, given.profiles, writes.profiles.remove).flatMap(
    ({ name, template }) => (template === undefined ? [] : [{ name, template }]),
  );
  const others = (name: string) => all.filter((other) => other.name !== name);
  return [
    ...(given.snippets ?? []).flatMap((snippet, at) => {
      const because = objectionToSnippet(snippet, others(snippet.name));
      return because === undefined ? [] : [{ path: `snippets[${at}]`, because }];
    }),
    ...writes.snippets.remove.flatMap(({ name }) => {
      const because = objectionToRemoval(name, { profiles: templates, snippets: all });
      return because === undefined
        ? []
        : [{ path: 'snippets', because: `snippet "${name}" cannot go: ${because}` }];
    }),
  ];
}

/** A file is kept and shown; and each time it was applied, the hash would be another. */
function passwordFaults({ wanted }: Planned): readonly PlanFault[] {
  const lists = { profiles: wanted.profiles, groups: wanted.groups, machines: wanted.machines };
  return Object.entries(lists).flatMap(([section, list = []]) =>
    list.flatMap(({ variables }, at) =>
      PASSWORD_NAMES.filter((name) => Object.hasOwn(variables, name)).map((name) => ({
        path: `${section}[${at}].variables.${name}`,
        because: `a site holds no password as it is: give ${PASSWORD_VARIABLES[name]}, as muster password hash prints it`,
      })),
    ),
  );
}

function profileFaults({ contents, given, rules }: Planned): readonly PlanFault[] {
  return (given.profiles ?? []).flatMap(({ name, image, source }, at) => {
    const path = `profiles[${at}]`;
    const way = source === undefined ? undefined : rules.source(source, `profile ${name}`, image);
    return [
      ...(contents.imageNames.includes(image) ? [] : [{ path: `${path}.image`, because: noImage(image) }]),
      ...(way === undefined ? [] : [{ path: `${path}.source`, because: way }]),
    ];
  });
}

function groupFaults({ contents, given, writes }: Planned): readonly PlanFault[] {
  const profiles = new Set(
    afterwards(contents.profiles, given.profiles, writes.profiles.remove).map(({ name }) => name),
  );
  const groups = afterwards(contents.groups, given.groups, writes.groups.remove);
  const faults = (given.groups ?? []).flatMap(({ profile, selector }, at): readonly PlanFault[] => [
    ...(profile === undefined || profiles.has(profile)
      ? []
      : [{ path: `groups[${at}].profile`, because: `there is no profile "${profile}"` }]),
    ...(selector.length > 0 ? [] : [{ path: `groups[${at}].selector`, because: EMPTY_SELECTOR_SENTENCE }]),
  ]);
  const many = `there would be ${groups.length} groups, and ${MAX_GROUPS} are the most`;
  return groups.length > MAX_GROUPS ? [...faults, { path: 'groups', because: many }] : faults;
}

function machineFaults({ contents, given, writes, rules }: Planned): readonly PlanFault[] {
  const wanted = new Set((given.machines ?? []).map(({ name }) => name));
  const gone = new Set(writes.machines.remove.map(({ name }) => name));
  const staying = contents.machines.filter(({ name }) => !wanted.has(name) && !gone.has(name));
  const owners = new Map(staying.flatMap(({ name, macs }) => macs.map((mac) => [mac, name] as const)));
  return (given.machines ?? []).flatMap((machine, at): readonly PlanFault[] => {
    const { name, macs, source } = machine;
    const path = `machines[${at}]`;
    const identity = objectionToMachine(machine);
    const way = source === undefined ? undefined : rules.source(source, `machine ${name}`);
    const taken = macs.flatMap((mac, position) => {
      const here = `${path}.macs[${position}]`;
      if (macs.indexOf(mac) < position)
        return [{ path: here, because: `the MAC address ${mac} stands twice: keep one` }];
      const owner = owners.get(mac);
      owners.set(mac, owner ?? name);
      return owner === undefined || owner === name
        ? []
        : [{ path: here, because: macTaken(mac, owner, name, wanted.has(owner)) }];
    });
    return [
      ...(identity === undefined ? [] : [{ path, because: identity }]),
      ...taken,
      ...(way === undefined ? [] : [{ path: `${path}.source`, because: way }]),
    ];
  });
}

function macTaken(mac: string, owner: string, name: string, inSite: boolean): string {
  const whose = `the MAC address ${mac} belongs to machine "${owner}"`;
  return inSite
    ? whose
    : `${whose}: if that is ${name}, muster machine set ${owner} --name ${name} renames it`;
}

function removalFaults({ contents, given, writes }: Planned): readonly PlanFault[] {
  const groups = afterwards(contents.groups, given.groups, writes.groups.remove);
  const ofMachine = (one: Machine) => contents.openInstalls.find(({ machineId }) => machineId === one.id);
  return [
    ...writes.machines.remove.flatMap((one) => {
      const open = ofMachine(one);
      const because = `machine "${one.name}" cannot go: its install ${open?.id} is ${open?.state}: cancel that first`;
      return open ? [{ path: 'machines', because }] : [];
    }),
    ...writes.profiles.remove.flatMap(({ name }) => {
      const open = contents.openInstalls.find(({ profile }) => profile === name);
      const group = groups.find(({ profile }) => profile === name);
      const because = open
        ? `install ${open.id} is ${open.state} with it: cancel that first`
        : `group ${group?.name} names it: give that another profile first`;
      return open || group ? [{ path: 'profiles', because: `profile "${name}" cannot go: ${because}` }] : [];
    }),
  ];
}

function policyFaults({ contents, given, writes, policy, rules }: Planned): readonly PlanFault[] {
  const profiles = afterwards(contents.profiles, given.profiles, writes.profiles.remove);
  const profileNames = profiles.map(({ name }) => name);
  const { imageNames, policy: before } = contents;
  const because = policy && rules.policy({ before, after: policy, imageNames, profileNames });
  return because === undefined ? [] : [{ path: 'policy', because }];
}
