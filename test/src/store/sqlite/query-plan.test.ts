import Sqlite, { type Database } from 'better-sqlite3';
import { afterEach, describe, expect, it } from 'vitest';
import { openStorage } from '../../../../src/store/sqlite/index.ts';
import { limit } from '../../../../src/store/sqlite/limit.ts';

/** Every statement that the storage prepares, with the way SQLite goes to carry it out. */
async function plansOf(): Promise<{
  plans: (readonly [string, readonly string[]])[];
  end(): Promise<void>;
}> {
  const statements: string[] = [];
  const { prepare } = Sqlite.prototype;
  let used: Database | undefined;
  Sqlite.prototype.prepare = function recorded(this: Database, sql: string) {
    used = this;
    statements.push(sql);
    return prepare.call(this, sql);
  } as typeof prepare;
  const storage = await openStorage({ path: ':memory:', key: new Uint8Array(32) });
  Sqlite.prototype.prepare = prepare;
  const db = used as Database;
  const planned = statements.filter((sql) => /^\s*(SELECT|WITH|INSERT|UPDATE|DELETE)/.test(sql));
  const plans = planned.map((sql) => {
    const nulls = Array.from(sql.matchAll(/\?/g), () => null);
    const rows = db.prepare<unknown[], { detail: string }>(`EXPLAIN QUERY PLAN ${sql}`);
    return [sql, rows.all(...nulls).map(({ detail }) => detail)] as const;
  });
  return { plans, end: () => storage.close() };
}

/** Walks only what waits or is dead, both small: or the result of a step before, or a list that was given. */
const small =
  /^SCAN (lane|w|json_each VIRTUAL TABLE .*|\w+ USING (COVERING )?INDEX \w+_(lane|dead))$/;

describe('the statements of the storage', () => {
  let end = async () => {};
  afterEach(() => end());

  it('walk no table, however much is done', async () => {
    const found = await plansOf();
    end = found.end;
    expect(found.plans.length).toBeGreaterThan(60);
    const walks = found.plans
      .filter(([sql]) => !sql.includes('sqlite_schema'))
      .flatMap(([sql, steps]) => steps.map((step) => ({ sql, step })))
      .filter(({ step }) => step.startsWith('SCAN') && !small.test(step));
    expect(walks).toEqual([]);
  });

  it('find a link by its own ids, and not among all of its portal', async () => {
    const found = await plansOf();
    end = found.end;
    const lookups = found.plans.filter(([sql]) => /^SELECT \* FROM link /.test(sql));
    expect(lookups.map(([, [step]]) => step)).toEqual([
      expect.stringContaining('(portal=? AND event_id=?)'),
      expect.stringContaining('(remote_id=? AND portal=?)'),
    ]);
  });

  it('are not prepared anew with each limit', async () => {
    const found = await plansOf();
    end = found.end;
    expect(found.plans.filter(([sql]) => /LIMIT \?/.test(sql))).toEqual([]);
  });

  it('sort nothing where a lane is read', async () => {
    const found = await plansOf();
    end = found.end;
    const heads = found.plans.filter(([sql]) => sql.includes(limit) && !sql.includes('UNION'));
    expect(heads).toHaveLength(7);
    for (const [sql, steps] of heads) {
      expect(steps.join('\n'), sql).not.toContain('TEMP B-TREE');
      expect(steps[0], sql).toMatch(/^SEARCH \w+ USING INDEX/);
    }
  });
});
