import type { Statement } from '../database/statement.ts';
import type { Job } from '../../../domain/job.ts';
import type { JobStore, OpenJobsPage } from '../../../ports/job-store.ts';
import type { Database } from '../database/database.ts';
import type { GroupCommit } from '../database/group-commit.ts';
import { EXPIRED, type Horizon, UNEXPIRED } from '../database/log-lifetime.ts';

export class SqliteJobStore implements JobStore {
  readonly #database: Database;
  readonly #commits: GroupCommit;
  readonly #horizon: Horizon;
  readonly #create: Statement;
  readonly #get: Statement;
  readonly #replace: Statement;
  readonly #open: Statement;

  constructor(database: Database, commits: GroupCommit, horizon: Horizon) {
    this.#database = database;
    this.#commits = commits;
    this.#horizon = horizon;
    this.#create = database.prepare(
      `INSERT INTO jobs (tenant, id, step, check_at, created_at, body)
       VALUES (:tenant, :id, :step, :checkAt, :createdAt, :body)
       ON CONFLICT DO UPDATE SET step = :step, check_at = :checkAt, created_at = :createdAt, body = :body
       WHERE ${EXPIRED}`,
    );
    this.#get = database.prepare(`SELECT body FROM jobs WHERE tenant = :tenant AND id = :id AND ${UNEXPIRED}`);
    this.#open = database.prepare(
      `SELECT tenant, id FROM jobs WHERE ${OPEN} AND id < :before ORDER BY id DESC LIMIT :limit`,
    );
    this.#replace = database.prepare(
      'UPDATE jobs SET step = ?, check_at = ?, created_at = ?, body = ? WHERE tenant = ? AND id = ? AND step = ?',
    );
  }

  createUnlessExists(job: Job): Promise<boolean> {
    const { tenantId: tenant, id, step, checkAt = null, createdAt } = job;
    const row = { tenant, id, step, checkAt, createdAt, body: JSON.stringify(job), horizon: this.#horizon() };
    return this.#commits.write(() => this.#create.run(row).changes === 1);
  }

  get(tenantId: string, jobId: string): Promise<Job | undefined> {
    return this.#database.read(() => {
      const row = this.#get.get({ tenant: tenantId, id: jobId, horizon: this.#horizon() });
      return row && (JSON.parse(row.body as string) as Job);
    });
  }

  replaceIfStep(job: Job, step: number): Promise<boolean> {
    const { tenantId, id, checkAt = null, createdAt } = job;
    const values = [job.step, checkAt, createdAt, JSON.stringify(job)];
    return this.#commits.write(() => this.#replace.run(...values, tenantId, id, step).changes === 1);
  }

  pageOpen(before: string | undefined, limit: number): Promise<OpenJobsPage> {
    return this.#database.read(() => {
      // Every id begins with `job_`.
      const rows = this.#open.all({ before: before ?? 'k', limit: limit + 1 });
      const jobs = rows.slice(0, limit).map(({ tenant, id }) => ({ tenantId: tenant as string, id: id as string }));
      const last = jobs.at(-1);
      return rows.length > limit && last ? { jobs, next: last.id } : { jobs };
    });
  }
}

/** As the partial index of them has it, without the alerts. */
const OPEN = `check_at IS NOT NULL AND body ->> '$.kind' <> 'probe'
  AND body ->> '$.kind' NOT IN ('status-alert', 'exhausted-alert')`;
