/** A thread for the test of `startThread`: says what it was begun with, and what a module it imports knows. */
import { parentPort, workerData } from 'node:worker_threads';
import { parseIpv4 } from '../../lib/addresses.ts';

parentPort?.postMessage({ ...workerData, address: parseIpv4('10.0.0.1') });
