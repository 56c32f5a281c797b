import { nfsSuite } from './suite/nfs-suite.ts';

nfsSuite('plain');
