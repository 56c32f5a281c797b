import { z } from 'zod';
import { MAX_LABELS } from '../lib/labels.ts';
import {
  labelKey,
  labels,
  labelValue,
  mac,
  uuid,
  time,
  line,
  machineName,
  machineText,
  variableName,
  variableValue,
  variables,
  entries,
  loader,
  source,
  memoryCheck,
  memoryMegabytes,
} from './fields.ts';
import { Install } from './install-schemas.ts';
import { PowerSeen } from './power-schemas.ts';

/** MAC addresses of one machine. */
const MAX_MACS = 32;

/** Characters of a port's identifier: of 255 bytes in hex. */
const MAX_PORT_TEXT = 512;

const port = z.strictObject({
  circuitId: line(MAX_PORT_TEXT)
    .min(1)
    .describe('The port, as the relay or switch calls it (option 82): text, or 0x and hex digits'),
  remoteId: line(MAX_PORT_TEXT)
    .min(1)
    .exactOptional()
    .describe('The relay or switch itself; without it, on whichever'),
});

export const Machine = z
  .object({
    id: z.string().describe('Stable for its whole life, also when it is renamed'),
    name: z.string().describe('Its name, which is also its host name'),
    macs: z.array(mac).describe('Its MAC addresses; none: it was not met yet'),
    uuid: uuid.exactOptional().describe('Its SMBIOS UUID'),
    serial: z.string().exactOptional().describe('Its serial number'),
    assetTag: z.string().exactOptional().describe('Its asset tag'),
    port: port.exactOptional().describe('The place of the network it is at'),
    labels: z.record(z.string(), z.string()).describe('By which selectors choose it'),
    variables: z
      .record(z.string(), z.string())
      .describe("Handed to the answer file's template; they win over the profile's"),
    loader: loader.exactOptional().describe('The loader it boots with, whatever its firmware'),
    source: source
      .exactOptional()
      .describe('Over what it gets the tree of an image, whatever its profile says'),
    memoryMegabytes: memoryMegabytes
      .exactOptional()
      .describe('How much memory it has, in MiB, as somebody said'),
    memoryCheck: memoryCheck
      .exactOptional()
      .describe('off: images are started though it has less memory than they take'),
    power: PowerSeen.exactOptional().describe('Its power, where it is set how to reach it'),
    createdAt: time.describe('When it became known'),
  })
  .describe('A computer Muster knows');

export const ListedMachine = Machine.extend({
  install: Install.pick({ id: true, profile: true, state: true, changedAt: true })
    .exactOptional()
    .describe('Its newest install; absent: it never had one'),
}).describe('A computer Muster knows, and how far its newest install is');

export const machineFields = {
  name: machineName.describe('Its name, which is also its host name: a DNS label'),
  macs: entries(mac, MAX_MACS).describe('Its MAC addresses'),
};

export const MachineInput = z
  .strictObject({
    ...machineFields,
    macs: machineFields.macs
      .default([])
      .describe('Its MAC addresses; none: it is met by its UUID, serial number, asset tag or port'),
    uuid: uuid.exactOptional().describe('Its SMBIOS UUID'),
    serial: machineText.exactOptional().describe('Its serial number, as the SMBIOS of the system has it'),
    assetTag: machineText.exactOptional().describe('Its asset tag, as the SMBIOS of the chassis has it'),
    port: port.exactOptional().describe('The place of the network it is at, as relays tell (option 82)'),
    labels: labels.default({}).describe('By which selectors choose it'),
    variables: variables
      .default({})
      .describe("Handed to the answer file's template; they win over the profile's"),
    loader: loader
      .exactOptional()
      .describe(
        "The loader it boots with; left out: its profile's, its subnet's, or the best for its firmware",
      ),
    source: source
      .exactOptional()
      .describe("Over what it gets the tree of an image; left out: its profile's, or the image's first way"),
    memoryMegabytes: memoryMegabytes
      .exactOptional()
      .describe('How much memory it has, in MiB; left out: not known, and so not looked at'),
    memoryCheck: memoryCheck
      .exactOptional()
      .describe('off: images are started though it has less memory than they take'),
  })
  .describe('A machine to make known');

export const MachineChange = z
  .strictObject({
    name: machineFields.name.exactOptional(),
    macs: machineFields.macs.exactOptional(),
    uuid: uuid.nullable().exactOptional().describe('Its SMBIOS UUID; null takes it away'),
    serial: machineText.nullable().exactOptional().describe('Its serial number; null takes it away'),
    assetTag: machineText.nullable().exactOptional().describe('Its asset tag; null takes it away'),
    port: port.nullable().exactOptional().describe('The place of the network it is at; null takes it away'),
    labels: z
      .record(labelKey, labelValue.nullable())
      .exactOptional()
      .describe(`Labels to set, at most ${MAX_LABELS} in all; null takes one away; those not named stay`),
    variables: z
      .record(variableName, variableValue.nullable())
      .exactOptional()
      .describe('Variables to set; null takes one away; those not named stay'),
    loader: loader.nullable().exactOptional().describe('The loader it boots with; null takes it away'),
    source: source
      .nullable()
      .exactOptional()
      .describe('Over what it gets the tree of an image; null takes it away'),
    memoryMegabytes: memoryMegabytes
      .nullable()
      .exactOptional()
      .describe('How much memory it has, in MiB; null: not known'),
    memoryCheck: memoryCheck
      .nullable()
      .exactOptional()
      .describe('off: images are started though it has less memory than they take; null: they are not'),
  })
  .describe('What is to change; the rest stays as it is');

export const MachineMedia = z
  .object({
    url: z.string().describe('Where its BMC finds the disc, for as long as the install is armed'),
    image: z.string().describe('The image whose disc it is'),
    left: z
      .array(z.string())
      .describe('Loaders of the disc that could not be told to start the installer, and why'),
  })
  .describe('A disc that starts the installer of a machine, for the virtual drive of its BMC');
