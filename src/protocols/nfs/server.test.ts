import { nfsServerContract } from './suite/nfs-server-contract.ts';

nfsServerContract('plain');
