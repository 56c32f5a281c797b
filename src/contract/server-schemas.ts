import { z } from 'zod';
import { time } from './fields.ts';

export const LoaderFinding = z
  .object({
    name: z.string().describe('The file a boot client asks for'),
    purpose: z.string().describe('What it is for'),
    set: z.string().describe('What it is a part of: all of one set come from one build'),
    needed: z.boolean().describe('Whether most machines boot nothing without it'),
    found: z.boolean().describe('Whether it is there'),
    path: z.string().exactOptional().describe('Where it was found on the server'),
    bytes: z.int().exactOptional().describe('How large it is'),
    because: z.string().exactOptional().describe('Why it is not there'),
    advice: z.string().exactOptional().describe('What to do about it'),
  })
  .describe('A boot loader, and where it was found');

export const Status = z
  .object({
    version: z.string().describe('Version of Muster'),
    startedAt: time.describe('When it started'),
    dataFolder: z.string().describe('Where it keeps its data'),
    interfaces: z
      .array(
        z.object({
          name: z.string().describe('Its name'),
          addresses: z.array(z.string()).describe('Its addresses, each with its prefix length'),
          mode: z
            .enum(['full', 'proxy', 'off'])
            .describe('full: addresses are given out there; proxy: only what to boot is told'),
          because: z.string().describe('Why'),
        }),
      )
      .describe('The network interfaces that are served, or why one is not'),
    listeners: z
      .array(
        z.object({
          protocol: z.string().describe('What is spoken there: dhcp, pxe, tftp, http, api'),
          address: z.string().describe('The address'),
          port: z.int().describe('The port'),
        }),
      )
      .describe('Where it listens'),
    pools: z
      .array(
        z.object({
          subnet: z.string().describe('Name of the subnet'),
          size: z.int().describe('Addresses of its ranges that are for anybody'),
          used: z.int().describe('How many of those are held or declined'),
        }),
      )
      .exactOptional()
      .describe('The addresses that each subnet gives out, and how many are taken'),
    counts: z
      .object({
        machines: z.int().describe('Machines that are known'),
        openInstalls: z.int().describe('Installs under way'),
        droppedEvents: z.int().describe('Events lost to a flood since the start'),
      })
      .describe('Numbers'),
    warnings: z.array(z.string()).exactOptional().describe('What somebody should look at'),
  })
  .describe('How the server is');

const rate = (name: string): z.ZodNumber => z.number().describe(`Bytes a second over ${name}`);

export const Throughput = z
  .object({
    everySeconds: z.int().describe('How far apart the samples are'),
    samples: z
      .array(
        z.object({
          at: time.describe('When it was read'),
          tftp: rate('TFTP'),
          http: rate('HTTP'),
          ftp: rate('FTP'),
          nfs: rate('NFS'),
        }),
      )
      .describe('Oldest first; each is the mean since the one before'),
  })
  .describe('Bytes sent to machines in the last ten minutes');
