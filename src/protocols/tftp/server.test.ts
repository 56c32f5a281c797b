import { serveTftp } from './server.ts';
import { tftpServerContract } from './suite/tftp-server-contract.ts';

tftpServerContract('the plain server', serveTftp);
