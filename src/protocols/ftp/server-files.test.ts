import { describe } from 'vitest';
import { filesContract } from './suite/files-contract.ts';

describe('from the main thread', () => filesContract('plain'));
