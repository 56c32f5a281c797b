import type { z } from 'zod';
import type { Site } from '../contract/site-schemas.ts';
import type { Group } from '../core/machines/groups.ts';
import { withReadPort } from '../core/machines/edit-machine.ts';
import { parseSelector } from '../core/machines/selector.ts';
import { DEFAULT_MAX_BYTES } from '../core/mirrors/mirror.ts';
import { readMirrorUrl } from '../core/mirrors/mirror-url.ts';
import type { Subnet } from '../core/network/subnet.ts';
import type { WantedMachine, WantedMirror, WantedSite } from '../core/site/site-contents.ts';
import type { PlanFault } from '../core/site/planned.ts';
import { editPolicy } from '../services/policy-service.ts';
import type { ReadWanted } from '../services/site-service.ts';
import { readSubnetDraft } from '../services/subnet-service.ts';
import { readHook, readPower } from './site-secrets.ts';
import { subnetFromContract } from './network-to-contract.ts';

type WireSite = z.output<typeof Site>;
type Entry<Section extends 'mirrors' | 'subnets' | 'groups' | 'machines'> = NonNullable<
  WireSite[Section]
>[number];

/** What a site wants, in the words of core. What cannot be read stands there as if it said nothing, with its fault. */
export function readWantedSite(site: WireSite): ReadWanted {
  const faults: PlanFault[] = [];
  const fault = (path: string, because: string): void => void faults.push({ path, because });
  const { images, mirrors, subnets, snippets, profiles, groups, machines, power, hooks, policy } = site;
  const wanted: WantedSite = {
    ...(images && { images }),
    ...(mirrors && { mirrors: mirrors.map((one, at) => readMirror(one, `mirrors[${at}]`, fault)) }),
    ...(subnets && { subnets: subnets.map((one, at) => readSubnet(one, `subnets[${at}]`, fault)) }),
    ...(snippets && { snippets }),
    ...(profiles && { profiles }),
    ...(groups && { groups: groups.map((one, at) => readGroup(one, `groups[${at}]`, fault)) }),
    ...(machines && { machines: machines.map((one, at) => readMachine(one, `machines[${at}]`, fault)) }),
    ...(power && { power: power.map((one, at) => readPower(one, `power[${at}]`, fault)) }),
    ...(hooks && { hooks: hooks.map((one, at) => readHook(one, `hooks[${at}]`, fault)) }),
    ...(policy && { policy: (before) => editPolicy(before, policy) }),
  };
  return { wanted, faults };
}

type Fault = (path: string, because: string) => void;

function readMirror(one: Entry<'mirrors'>, path: string, fault: Fault): WantedMirror {
  const url = readMirrorUrl(one.url);
  if (!url.read) fault(`${path}.url`, url.because);
  return {
    ...one,
    url: url.read ? url.url : one.url,
    maxBytes: one.maxBytes ?? DEFAULT_MAX_BYTES,
    mode: one.mode ?? 'online',
  };
}

function readSubnet(one: Entry<'subnets'>, path: string, fault: Fault): Subnet {
  const draft = subnetFromContract(one.name, one);
  const read = readSubnetDraft(draft);
  if (read.read) return read.subnet;
  fault(path, read.because);
  const { options: _options, portReservations: _ports, ...rest } = draft;
  return { ...rest, options: [] };
}

function readMachine(one: Entry<'machines'>, path: string, fault: Fault): WantedMachine {
  const read = withReadPort(one);
  if ('machine' in read) return read.machine;
  fault(`${path}.port`, read.objection);
  return one;
}

function readGroup(one: Entry<'groups'>, path: string, fault: Fault): Group {
  try {
    return { ...one, selector: parseSelector(one.selector) };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    fault(`${path}.selector`, error.message);
    return { ...one, selector: [{ is: 'there', key: 'x' }] };
  }
}
