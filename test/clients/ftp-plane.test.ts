import { describe } from 'vitest';
import { ftpClientsSuite } from './suite/ftp-clients-suite.ts';

describe('FTP by threads', () => ftpClientsSuite('plane'));
