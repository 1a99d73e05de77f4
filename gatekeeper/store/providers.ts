import type { ProviderRequest, ProviderState } from '#gia/schemas';
import type { Database } from './open.ts';

export interface ProviderRow {
  readonly integrator: number;
  readonly request_id: string;
  readonly domain: string;
  readonly name: string;
  readonly state: ProviderState;
  readonly request: ProviderRequest;
  /** Its proof of who somebody is suffices; otherwise the gatekeeper asks the person itself. */
  readonly trusts_auth: boolean;
  /** Its users are reached through bridges only, which have to say so. */
  readonly bridges_only: boolean;
  readonly requested_ms: number;
  readonly since_ms: number;
  readonly due_ms: number;
  readonly note: string | null;
}

export type NewProvider = Pick<ProviderRow, 'request_id' | 'request' | 'requested_ms' | 'due_ms'>;
export type ProviderChange = Partial<
  Pick<ProviderRow, 'state' | 'since_ms' | 'note' | 'trusts_auth' | 'bridges_only'>
>;

interface Stored extends Omit<ProviderRow, 'request' | 'trusts_auth' | 'bridges_only'> {
  readonly request: string;
  readonly trusts_auth: number;
  readonly bridges_only: number;
}

const read = (row: Stored | undefined): ProviderRow | undefined =>
  row && {
    ...row,
    request: JSON.parse(row.request),
    trusts_auth: row.trusts_auth === 1,
    bridges_only: row.bridges_only === 1,
  };

export function providers(db: Database) {
  const insert = db.prepare(`
    INSERT INTO providers (request_id, domain, name, state, request, requested_ms, since_ms, due_ms)
    VALUES (?, ?, ?, 'requested', ?, ?, ?, ?)`);
  const byRequest = db.prepare<[string], Stored>('SELECT * FROM providers WHERE request_id = ?');
  const byDomain = db.prepare<[string], Stored>(
    "SELECT * FROM providers WHERE domain = ? AND state <> 'ended'",
  );
  const byIntegrator = db.prepare<[number], Stored>('SELECT * FROM providers WHERE integrator = ?');
  const all = db.prepare<[], Stored>('SELECT * FROM providers ORDER BY integrator');
  const update = db.prepare(`
    UPDATE providers SET state = ?, since_ms = ?, note = ?, trusts_auth = ?, bridges_only = ?
    WHERE integrator = ?`);
  return {
    add({ request_id, request, requested_ms, due_ms }: NewProvider): void {
      const text = JSON.stringify(request);
      insert.run(
        request_id,
        request.domain,
        request.name,
        text,
        requested_ms,
        requested_ms,
        due_ms,
      );
    },
    byRequest: (requestId: string) => read(byRequest.get(requestId)),
    /** The one that has not ended. */
    byDomain: (domain: string) => read(byDomain.get(domain)),
    byIntegrator: (integrator: number) => read(byIntegrator.get(integrator)),
    all: (): ProviderRow[] => all.all().flatMap((row) => read(row) ?? []),
    change(row: ProviderRow, change: ProviderChange): void {
      const to = { ...row, ...change };
      update.run(
        to.state,
        to.since_ms,
        to.note,
        Number(to.trusts_auth),
        Number(to.bridges_only),
        row.integrator,
      );
    },
  };
}
