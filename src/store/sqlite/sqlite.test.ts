import { storesContract } from '../suite/stores-contract.ts';
import { openSqlite } from './suite/open-sqlite.ts';

storesContract('the SQLite store', openSqlite);
