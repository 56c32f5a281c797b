import type { Asked, ItemOf } from '../../data/client.ts';
import { linesFrom, pairsChange, pairsFrom } from '../../data/pairs.ts';

type Machine = ItemOf<'listMachines'>;
export type MachineChange = NonNullable<Asked<'changeMachine'>['input']>;

/** By which it may be met, besides its MAC addresses; an empty field takes it away. */
export const IDENTITIES = ['serial', 'uuid', 'assetTag'] as const;

/** What the form changes of a machine; what is as it was is left out, so that nobody else's change is undone. */
export function changeOf(before: Machine, textOf: (field: string) => string): MachineChange {
  const name = textOf('name');
  const macs = textOf('macs')
    .split(/[\s,]+/)
    .filter((word) => word !== '');
  const labels = pairsChange(before.labels, pairsFrom(textOf('labels')));
  const variables = pairsChange(before.variables, linesFrom(textOf('variables')));
  const identities = IDENTITIES.map((one) => [one, textOf(one)] as const).filter(
    ([one, text]) => text !== (before[one] ?? ''),
  );
  return {
    ...(name === before.name ? {} : { name }),
    ...(macs.join(' ') === before.macs.join(' ') ? {} : { macs }),
    ...Object.fromEntries(identities.map(([one, text]) => [one, text === '' ? null : text])),
    ...(isEmpty(labels) ? {} : { labels }),
    ...(isEmpty(variables) ? {} : { variables }),
  };
}

function isEmpty(record: object): boolean {
  return Object.keys(record).length === 0;
}
