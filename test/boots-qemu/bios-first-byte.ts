import assert from 'node:assert/strict';
import { copyFile, mkdir } from 'node:fs/promises';
import { LAB_NETWORK, labMachineMac, labNetworkText } from '../../src/lab/private-network.ts';
import type { BootStage } from './boot-stage.ts';
import { DnsmasqServer } from './dnsmasq-server.ts';
import { makeMarkerDisk } from './marker-disk.ts';

const RANGE = `${LAB_NETWORK.firstAddress}-${LAB_NETWORK.lastAddress}`;
const LOADER = '/usr/lib/PXELINUX/pxelinux.0';
/** Of the machine with SeaBIOS and the iPXE ROM, from power-on. */
const FIRST_BYTE_MS = 7_000;
const GIVEN_UP_MS = 60_000;
const LOOK_PAUSE_MS = 250;
/** A datagram with DATA: opcode 3 (RFC 1350 §5); DHCP goes out from port 67. */
const DATA = `udp[8:2] = 3 and src host ${LAB_NETWORK.server} and not src port 67`;

/** How long the machine waits for its first byte over TFTP: with Muster, and with dnsmasq in its place. */
export async function biosFirstByte(stage: BootStage): Promise<void> {
  const muster = await stage.startMuster();
  const subnet = ['--network', labNetworkText(), '--range', RANGE, '--loader', 'pxelinux'];
  await muster.mustRun(['subnet', 'add', 'lab', ...subnet]);
  const withMusterMs = await firstByte(stage, 'Muster', 6);
  assert.equal(await muster.stop(), 0, 'Muster ends in order');

  const root = stage.path('tftp');
  await mkdir(root);
  await copyFile(LOADER, `${root}/pxelinux.0`);
  const dnsmasq = await DnsmasqServer.start(root);
  let withDnsmasqMs: number;
  try {
    withDnsmasqMs = await firstByte(stage, 'dnsmasq', 7);
  } finally {
    await dnsmasq.stop();
  }
  stage.phase(
    `first byte over TFTP after power-on: ${seconds(withMusterMs)} with Muster, ${seconds(withDnsmasqMs)} with dnsmasq`,
  );
  assert.ok(withMusterMs <= FIRST_BYTE_MS, `${seconds(withMusterMs)} are more than 7 s`);
}

async function firstByte(stage: BootStage, server: string, number: number): Promise<number> {
  const mac = labMachineMac(number);
  const disk = stage.path(`${server}.raw`);
  await makeMarkerDisk(disk);
  const machine = await stage.powerOn({
    name: `beside-${server}`,
    mac,
    disk: { path: disk, format: 'raw' },
    bootOrder: 'nc',
  });
  const poweredOnMs = performance.timeOrigin + machine.poweredOnAtMs;
  const byteMs = await firstPacket(stage, `ether dst ${mac} and ${DATA}`);
  const since = async (filter: string): Promise<string> => {
    const atMs = (await stage.wire.timesMs(filter)).find((one) => one >= poweredOnMs);
    return atMs === undefined ? 'never' : seconds(atMs - poweredOnMs);
  };
  const discovered = await since(`ether src ${mac} and udp dst port 67`);
  const offered = await since('udp src port 67 and udp[8] = 2');
  const asked = await since(`ether src ${mac} and udp dst port 69`);
  const total = byteMs - poweredOnMs;
  stage.phase(
    `${server}: DHCPDISCOVER ${discovered}, DHCPOFFER ${offered}, request for the loader ${asked}, first byte ${seconds(total)} after power-on`,
  );
  await machine.powerOff();
  return total;
}

/** @returns when the first packet that fits was on the wire. */
async function firstPacket(stage: BootStage, filter: string): Promise<number> {
  const deadlineMs = performance.now() + GIVEN_UP_MS;
  for (;;) {
    const [atMs] = await stage.wire.timesMs(filter);
    if (atMs !== undefined) return atMs;
    if (performance.now() > deadlineMs) throw new Error(`No packet fits ${filter}`);
    await new Promise((resolve) => setTimeout(resolve, LOOK_PAUSE_MS));
  }
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}
