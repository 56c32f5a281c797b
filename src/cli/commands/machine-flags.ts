import type { Command } from 'commander';
import type { z } from 'zod';
import type { MachineChange, MachineInput } from '../../contract/machine-schemas.ts';
import type { PasswordVariable } from '../../core/answers/password-variables.ts';
import { CliFailure } from '../cli-failure.ts';
import { type LoaderChoice, loaderOption } from '../loader-option.ts';
import {
  type MemoryCheckChoice,
  memoryCheckOption,
  type MemoryChoice,
  memoryOption,
} from '../memory-option.ts';
import {
  machineTextOrEmpty,
  macs,
  pairs,
  portOrEmpty,
  type PortText,
  uuidOrEmpty,
} from '../option-values.ts';
import { ASK_WORDS, passwordNames } from '../secrets.ts';
import { type SourceChoice, sourceOption } from '../source-option.ts';

/** What `machine add` and `machine set` take, and what the API is told of it. */

type WireMachineInput = z.input<typeof MachineInput>;
type WireMachineChange = z.input<typeof MachineChange>;

export interface MachineFlags {
  readonly name?: string;
  readonly mac?: readonly string[];
  readonly uuid?: string;
  readonly serial?: string;
  readonly assetTag?: string;
  readonly port?: PortText | '';
  readonly var?: readonly (readonly [name: string, value: string])[];
  readonly ask?: readonly PasswordVariable[];
  readonly unsetVar?: readonly string[];
  readonly label?: readonly (readonly [key: string, value: string])[];
  readonly unsetLabel?: readonly string[];
  readonly loader?: LoaderChoice;
  readonly source?: SourceChoice;
  readonly memory?: MemoryChoice;
  readonly memoryCheck?: MemoryCheckChoice;
}

/** @throws CliFailure where nothing tells which computer it is. */
export function inputOf(name: string, flags: MachineFlags): WireMachineInput {
  const identities = identitiesOf(flags, undefined);
  const input = {
    name,
    macs: [...(flags.mac ?? [])],
    ...identities,
    labels: Object.fromEntries(flags.label ?? []),
    variables: Object.fromEntries(flags.var ?? []),
    ...(flags.loader === undefined || flags.loader === 'any' ? {} : { loader: flags.loader }),
    ...(flags.source === undefined || flags.source === 'auto' ? {} : { source: flags.source }),
    ...(typeof flags.memory === 'number' ? { memoryMegabytes: flags.memory } : {}),
    ...(flags.memoryCheck === 'off' ? { memoryCheck: flags.memoryCheck } : {}),
  };
  if (input.macs.length > 0 || Object.keys(identities).length > 0) return input;
  throw new CliFailure(
    'usage',
    'Which computer is it? Say one of its MAC addresses with --mac, or its --uuid, --serial, --asset-tag or --port',
  );
}

/** @param whenEmpty what an empty text stands for; undefined: for nothing. */
function identitiesOf<WhenEmpty extends null | undefined>(flags: MachineFlags, whenEmpty: WhenEmpty) {
  const { uuid, serial, assetTag, port } = flags;
  const given = Object.entries({ uuid, serial, assetTag, port }).flatMap(([name, value]) => {
    const said = value === '' ? whenEmpty : value;
    return said === undefined ? [] : [[name, said] as const];
  });
  return Object.fromEntries(given) as {
    readonly [Name in 'uuid' | 'serial' | 'assetTag']?: string | Exclude<WhenEmpty, undefined>;
  } & { readonly port?: PortText | Exclude<WhenEmpty, undefined> };
}

export function withFlags(command: Command): Command {
  return command
    .option('--mac <mac>', 'its MAC addresses, with commas or repeated', macs)
    .option('--uuid <uuid>', 'its SMBIOS UUID', uuidOrEmpty)
    .option('--serial <serial>', 'its serial number', machineTextOrEmpty)
    .option('--asset-tag <tag>', 'its asset tag', machineTextOrEmpty)
    .option(
      '--port <port>',
      'where it is, as relays tell (option 82): CIRCUIT or CIRCUIT@REMOTE',
      portOrEmpty,
    )
    .option('--label <key=value>', 'by which selectors choose it; may be repeated', pairs)
    .option(
      '--var <name=value>',
      "for the answer file's template, over the profile's; may be repeated",
      pairs,
    )
    .option('--ask <name>', ASK_WORDS, passwordNames)
    .addOption(loaderOption('the loader it boots with'))
    .addOption(sourceOption('over what it gets the tree of an image'))
    .addOption(memoryOption())
    .addOption(memoryCheckOption('off: start images for which it has too little memory, too'));
}

/** What the flags change; an empty text takes an identity away. */
export function changeOf(flags: MachineFlags): WireMachineChange {
  const labels = withAndWithout(flags.label, flags.unsetLabel);
  const variables = withAndWithout(flags.var, flags.unsetVar);
  return {
    ...(flags.name === undefined ? {} : { name: flags.name }),
    ...(flags.mac === undefined ? {} : { macs: [...flags.mac] }),
    ...identitiesOf(flags, null),
    ...(Object.keys(labels).length === 0 ? {} : { labels }),
    ...(Object.keys(variables).length === 0 ? {} : { variables }),
    ...(flags.loader === undefined ? {} : { loader: flags.loader === 'any' ? null : flags.loader }),
    ...(flags.source === undefined ? {} : { source: flags.source === 'auto' ? null : flags.source }),
    ...(flags.memory === undefined
      ? {}
      : { memoryMegabytes: flags.memory === 'unknown' ? null : flags.memory }),
    ...(flags.memoryCheck === undefined
      ? {}
      : { memoryCheck: flags.memoryCheck === 'on' ? null : flags.memoryCheck }),
  };
}

/** What is set, and what is taken away. */
function withAndWithout(
  set: readonly (readonly [name: string, value: string])[] = [],
  unset: readonly string[] = [],
): Record<string, string | null> {
  return Object.fromEntries([...unset.map((name) => [name, null] as const), ...set]);
}
