import { describe } from 'vitest';
import { runningTransferContract } from './suite/running-transfer-contract.ts';

describe('from the main thread', () => runningTransferContract('plain'));
