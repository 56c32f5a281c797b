import { machineHttpSuite } from './suite/machine-http-suite.ts';

machineHttpSuite('plane');
