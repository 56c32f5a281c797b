import { describe } from 'vitest';
import { controlConnectionContract } from './suite/control-connection-contract.ts';
import { dataConnectionContract } from './suite/data-connection-contract.ts';
import { filesContract } from './suite/files-contract.ts';
import { runningTransferContract } from './suite/running-transfer-contract.ts';

/** All that the server promises holds where threads have its data connections. */

describe('files by threads', () => filesContract('plane'));
describe('data connections by threads', () => dataConnectionContract('plane'));
describe('transfers by threads', () => runningTransferContract('plane'));
describe('control connections beside threads', () => controlConnectionContract('plane'));
