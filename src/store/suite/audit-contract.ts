import { expect } from 'vitest';
import type { AuditEntry } from '../../core/people/audit.ts';
import type { StoreTest } from './open-stores.ts';
import { AWKWARD, NOON } from './samples.ts';

function entry(change: Partial<AuditEntry> = {}): Omit<AuditEntry, 'id'> {
  return {
    atMs: NOON,
    who: 'anna',
    by: 'session',
    address: '192.0.2.1',
    route: 'putSubnet',
    path: '/subnets/lab',
    status: 200,
    ...change,
  };
}

export function auditContract(storeTest: StoreTest): void {
  storeTest('keeps every field, newest first, counted without a gap', async (stores, reopen) => {
    const whole = entry({ before: { name: AWKWARD }, after: [null, 1.5, ''], path: `/machines/${AWKWARD}` });
    await stores.audit.note(entry());
    await stores.audit.note(whole);
    const { audit } = await reopen();
    await audit.note(entry({ who: '', by: 'nothing', status: 401 }));
    expect(await audit.list({}, 10)).toEqual([
      { id: 3, ...entry({ who: '', by: 'nothing', status: 401 }) },
      { id: 2, ...whole },
      { id: 1, ...entry() },
    ]);
    expect(await audit.list({}, 2)).toHaveLength(2);
    expect(await audit.list({ beforeId: 3 }, 1)).toMatchObject([{ id: 2 }]);
  });

  storeTest('finds who, what, and everything below a path', async ({ audit }) => {
    await audit.note(entry({ path: '/machines/a%b' }));
    await audit.note(entry({ path: '/machines/a%b/merge', route: 'mergeMachine' }));
    await audit.note(entry({ path: '/machines/axb', who: 'bo' }));
    for (const [filter, ids] of [
      [{ path: '/machines/a%b' }, [2, 1]],
      [{ path: '/machines/' }, [3, 2, 1]],
      [{ path: '/subnets' }, []],
      [{ who: 'bo' }, [3]],
      [{ route: 'mergeMachine', who: 'anna' }, [2]],
      [{ who: 'bo', route: 'mergeMachine' }, []],
    ] as const)
      expect(
        (await audit.list(filter, 10)).map(({ id }) => id),
        JSON.stringify(filter),
      ).toEqual(ids);
  });

  storeTest(
    'keeps the newest, and what was done is not pushed out by what was refused',
    async ({ audit }) => {
      const large = { text: 'x'.repeat(100) };
      for (const status of [200, 200, 200, 403, 404, 401, 500])
        await audit.note(entry({ status, after: large }));
      await audit.prune({ done: 2, refused: 3, whole: 2, oldLength: 100 });
      const left = await audit.list({}, 10);
      expect(left.map(({ id, status }) => [id, status])).toEqual([
        [7, 500],
        [6, 401],
        [5, 404],
        [3, 200],
        [2, 200],
      ]);
      const short = { tooLarge: 'of old entries, 100 characters of JSON are kept' };
      expect(left.map(({ after }) => after)).toEqual([large, large, short, short, short]);
      await audit.note(entry());
      expect(await audit.list({}, 1)).toMatchObject([{ id: 8 }]);
      await audit.prune({ done: 100, refused: 100, whole: 100, oldLength: 0 });
      expect(await audit.list({}, 10)).toHaveLength(6);
    },
  );
}
