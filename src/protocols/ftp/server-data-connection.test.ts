import { describe } from 'vitest';
import { dataConnectionContract } from './suite/data-connection-contract.ts';

describe('from the main thread', () => dataConnectionContract('plain'));
