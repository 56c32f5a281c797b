import { z } from 'zod';
import { MAX_ROWS, ipv4, mac, name, rowLimit } from './fields.ts';
import { pageOf } from './pages.ts';
import { byAddress, byName, listOf, row } from './route-row.ts';
import { Subnet, SubnetInput, LeaseState, Lease } from './subnet-schemas.ts';

export const NETWORK_ROUTES = {
  listSubnets: row({
    method: 'GET',
    path: '/subnets',
    output: listOf(Subnet),
    answers: 'thing',
    role: 'viewer',
    sentence: 'All subnets',
  }),
  getSubnet: row({
    method: 'GET',
    path: '/subnets/{name}',
    params: byName,
    output: Subnet,
    answers: 'thing',
    role: 'viewer',
    sentence: 'One subnet',
  }),
  putSubnet: row({
    method: 'PUT',
    path: '/subnets/{name}',
    params: byName,
    input: SubnetInput,
    output: Subnet,
    answers: 'thing',
    role: 'admin',
    sentence: 'Adds a subnet, or puts this in its place; its leases stay',
  }),
  deleteSubnet: row({
    method: 'DELETE',
    path: '/subnets/{name}',
    params: byName,
    answers: 'nothing',
    role: 'admin',
    sentence: 'Takes a subnet away, and its leases',
  }),
  listLeases: row({
    method: 'GET',
    path: '/leases',
    query: z.strictObject({
      subnet: name.exactOptional().describe('Only those of this subnet'),
      state: LeaseState.exactOptional().describe('Only those in this state'),
      mac: mac.exactOptional().describe('Only those of this MAC address'),
      after: ipv4.exactOptional().describe('Only those whose address is higher: for the next page'),
      limit: rowLimit.default(MAX_ROWS).describe('At most this many'),
    }),
    output: pageOf(Lease),
    answers: 'thing',
    role: 'viewer',
    sentence: 'Leases by address, those that are over included',
  }),
  getLease: row({
    method: 'GET',
    path: '/leases/{address}',
    params: byAddress,
    output: Lease,
    answers: 'thing',
    role: 'viewer',
    sentence: 'One lease',
  }),
  freeLease: row({
    method: 'DELETE',
    path: '/leases/{address}',
    params: byAddress,
    output: Lease,
    answers: 'thing',
    role: 'operator',
    sentence: 'Frees an address: ends its lease, or the rest it has since it was declined',
  }),
} as const;
