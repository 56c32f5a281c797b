import { describe } from 'vitest';
import { ftpClientsSuite } from './suite/ftp-clients-suite.ts';

describe('FTP from the main thread', () => ftpClientsSuite('plain'));
