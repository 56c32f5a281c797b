import { describe } from 'vitest';
import { controlConnectionContract } from './suite/control-connection-contract.ts';

describe('from the main thread', () => controlConnectionContract('plain'));
